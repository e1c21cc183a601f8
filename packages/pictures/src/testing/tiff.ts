export interface TiffEntry {
  readonly tag: number;
  /** 2 ASCII, 3 SHORT, 4 LONG, 13 IFD */
  readonly type: number;
  readonly values: readonly number[];
}

export interface TiffPlan {
  readonly pixels: Buffer;
  readonly width: number;
  readonly height: number;
  /** 2 RGB, 8 CIE Lab */
  readonly photometric?: number;
  /** In place of those of the same tags, or beside them. */
  readonly entries?: readonly TiffEntry[];
  /** Pages that this one names instead of the file. */
  readonly nested?: readonly TiffPlan[];
  readonly oddPlace?: boolean;
}

const typeBytes: Readonly<Record<number, number>> = { 2: 1, 3: 2, 4: 4, 13: 4 };

/** A classic little-endian TIFF of uncompressed pages of three channels with eight bits, unless its entries say otherwise. */
export function writeTiff(pages: readonly TiffPlan[]): Buffer {
  const writer = new TiffWriter();
  for (const page of pages) writer.page(page);
  return writer.finish();
}

class TiffWriter {
  readonly #parts: Buffer[] = [Buffer.from('II*\0\0\0\0\0', 'latin1')];
  #size = 8;
  readonly #starts: { at: number; nextAt: number }[] = [];

  page(plan: TiffPlan): void {
    this.#starts.push(this.#directory(plan));
  }

  finish(): Buffer {
    const bytes = Buffer.concat(this.#parts);
    let pointer = 4;
    for (const { at, nextAt } of this.#starts) {
      bytes.writeUInt32LE(at, pointer);
      pointer = nextAt;
    }
    return bytes;
  }

  #add(part: Buffer, isOdd = false): number {
    const padding = (this.#size % 2 === 1) === isOdd ? 0 : 1;
    this.#parts.push(Buffer.alloc(padding), part);
    const at = this.#size + padding;
    this.#size = at + part.length;
    return at;
  }

  #directory(plan: TiffPlan): { at: number; nextAt: number } {
    const nested = (plan.nested ?? []).map((inner) => this.#directory(inner).at);
    const pixelsAt = this.#add(plan.pixels);
    const own = new Set((plan.entries ?? []).map(({ tag }) => tag));
    const usual: TiffEntry[] = [
      { tag: 256, type: 4, values: [plan.width] },
      { tag: 257, type: 4, values: [plan.height] },
      { tag: 258, type: 3, values: [8, 8, 8] },
      { tag: 259, type: 3, values: [1] },
      { tag: 262, type: 3, values: [plan.photometric ?? 2] },
      { tag: 273, type: 4, values: [pixelsAt] },
      { tag: 277, type: 3, values: [3] },
      { tag: 278, type: 4, values: [plan.height] },
      { tag: 279, type: 4, values: [plan.pixels.length] },
      ...(nested.length > 0 ? [{ tag: 330, type: 13, values: nested }] : []),
    ];
    const entries = [...usual.filter(({ tag }) => !own.has(tag)), ...(plan.entries ?? [])];
    entries.sort((a, b) => a.tag - b.tag);
    const table = Buffer.alloc(2 + entries.length * 12 + 4);
    table.writeUInt16LE(entries.length, 0);
    for (const [index, { tag, type, values }] of entries.entries()) {
      const place = 2 + index * 12;
      const bytes = typeBytes[type] ?? 1;
      const body = Buffer.alloc(Math.max(4, values.length * bytes));
      for (const [at, value] of values.entries()) body.writeUIntLE(value, at * bytes, bytes);
      table.writeUInt16LE(tag, place);
      table.writeUInt16LE(type, place + 2);
      table.writeUInt32LE(values.length, place + 4);
      if (body.length === 4) body.copy(table, place + 8);
      else table.writeUInt32LE(this.#add(body), place + 8);
    }
    const at = this.#add(table, plan.oddPlace);
    return { at, nextAt: at + table.length - 4 };
  }
}

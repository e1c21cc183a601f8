/** The few tags of an EXIF block (CIPA DC-008) that are wanted, as text. */
export interface ExifTags {
  readonly make?: string | undefined;
  readonly model?: string | undefined;
  /** DateTimeOriginal, "2026:05:01 07:30:00" */
  readonly takenAt?: string | undefined;
  /** OffsetTimeOriginal, "+07:00" */
  readonly takenOffset?: string | undefined;
}

const tags = { make: 0x010f, model: 0x0110, exifDirectory: 0x8769, takenAt: 0x9003, takenOffset: 0x9011 } as const;
const wantedTags: ReadonlySet<number> = new Set(Object.values(tags));
const asciiType = 2;
const entryBytes = 12;
const textMaxBytes = 200;

/** An entry of a directory: 2 bytes of tag, 2 of type, 4 of count, 4 that hold the value or say where it is. */
interface Entry {
  readonly isText: boolean;
  readonly count: number;
  readonly valueAt: number;
}

/**
 * Reads those tags and no other value: blocks come from anyone, and a general reader makes arrays as long as each of
 * thousands of entries claims. Throws for what is no EXIF block or ends too soon.
 */
export function readExifTags(block: Buffer): ExifTags {
  const tiff = block.toString('latin1', 0, 6) === 'Exif\0\0' ? block.subarray(6) : block;
  const order = tiff.toString('latin1', 0, 4);
  if (order !== 'II*\0' && order !== 'MM\0*') throw new Error('not an EXIF block');
  const reader = new TiffReader(tiff, order === 'II*\0');
  const image = reader.directory(reader.long(4));
  const pointer = image.get(tags.exifDirectory);
  const photo = pointer === undefined ? new Map<number, Entry>() : reader.directory(reader.long(pointer.valueAt));
  return {
    make: reader.text(image.get(tags.make)),
    model: reader.text(image.get(tags.model)),
    takenAt: reader.text(photo.get(tags.takenAt)),
    takenOffset: reader.text(photo.get(tags.takenOffset)),
  };
}

class TiffReader {
  readonly #bytes: Buffer;
  readonly #isLittle: boolean;

  constructor(bytes: Buffer, isLittle: boolean) {
    this.#bytes = bytes;
    this.#isLittle = isLittle;
  }

  short(at: number): number {
    return this.#isLittle ? this.#bytes.readUInt16LE(at) : this.#bytes.readUInt16BE(at);
  }

  long(at: number): number {
    return this.#isLittle ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at);
  }

  directory(at: number): ReadonlyMap<number, Entry> {
    const entries = new Map<number, Entry>();
    const end = at + 2 + this.short(at) * entryBytes;
    for (let entry = at + 2; entry < end; entry += entryBytes) {
      const tag = this.short(entry);
      if (!wantedTags.has(tag)) continue;
      entries.set(tag, {
        isText: this.short(entry + 2) === asciiType,
        count: this.long(entry + 4),
        valueAt: entry + 8,
      });
    }
    return entries;
  }

  /** The text of an entry up to its first NUL; undefined when there is no such text. */
  text(entry: Entry | undefined): string | undefined {
    if (entry === undefined || !entry.isText) return undefined;
    const start = entry.count <= 4 ? entry.valueAt : this.long(entry.valueAt);
    return this.#bytes.toString('latin1', start, start + Math.min(entry.count, textMaxBytes)).split('\0')[0];
  }
}

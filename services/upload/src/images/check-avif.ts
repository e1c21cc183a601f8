import { refuse } from '@kilas/messages/refuse.ts';
import type { FileWindow } from './file-window.ts';
import { WorkBudget } from './work-budget.ts';

/** Boxes, items and extents. A picture of 200 megapixels in tiles of 512 × 512 has some 800 items. */
const partCountMax = 100_000;
const itemTableMaxBytes = 4 * 1024 * 1024;

interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Walks the boxes (ISO/IEC 14496-12) and the items' places in the file; refuses with IMAGE_TRUNCATED. */
export async function checkAvif(file: FileWindow): Promise<void> {
  const budget = new WorkBudget(partCountMax);
  for (const box of await listBoxes(file, budget, 0, file.sizeBytes)) {
    if (box.type !== 'meta') continue;
    // Four bytes of version and flags stand before the boxes inside.
    for (const inner of await listBoxes(file, budget, box.start + 4, box.end)) {
      if (inner.type === 'iloc') await checkItems(file, budget, inner);
    }
  }
}

async function listBoxes(file: FileWindow, budget: WorkBudget, start: number, end: number): Promise<Box[]> {
  const boxes: Box[] = [];
  for (let at = start; at < end; ) {
    budget.take(1);
    const header = await file.bytes(at, 8);
    const short = header.readUInt32BE(0);
    const isLong = short === 1;
    const long = isLong ? Number((await file.bytes(at + 8, 8)).readBigUInt64BE(0)) : short;
    const sizeBytes = short === 0 ? end - at : long;
    const headerBytes = isLong ? 16 : 8;
    if (sizeBytes < headerBytes) refuse('IMAGE_BROKEN');
    if (at + sizeBytes > end) refuse(end === file.sizeBytes ? 'IMAGE_TRUNCATED' : 'IMAGE_BROKEN');
    boxes.push({ type: header.toString('latin1', 4, 8), start: at + headerBytes, end: at + sizeBytes });
    at += sizeBytes;
  }
  return boxes;
}

/** The item location box (ISO/IEC 14496-12, 8.11.3): each extent that lies in this file must end within it. */
async function checkItems(file: FileWindow, budget: WorkBudget, box: Box): Promise<void> {
  if (box.end - box.start > itemTableMaxBytes) refuse('IMAGE_BROKEN');
  const reader = new TableReader(await file.bytes(box.start, box.end - box.start));
  const version = reader.number(1);
  reader.number(3);
  const sizes = reader.number(2);
  const [offsetBytes, lengthBytes] = [sizes >> 12, (sizes >> 8) & 15];
  const [baseBytes, indexBytes] = [(sizes >> 4) & 15, version === 0 ? 0 : sizes & 15];
  const itemCount = reader.number(version < 2 ? 2 : 4);
  budget.take(itemCount);
  for (let item = 0; item < itemCount; item++) {
    reader.number(version < 2 ? 2 : 4);
    const method = version === 0 ? 0 : reader.number(2) & 15;
    const reference = reader.number(2);
    const base = reader.number(baseBytes);
    const extentCount = reader.number(2);
    // An extent may take no byte of the table at all.
    budget.take(extentCount);
    for (let extent = 0; extent < extentCount; extent++) {
      reader.number(indexBytes);
      const offset = reader.number(offsetBytes);
      const length = reader.number(lengthBytes);
      if (method === 0 && reference === 0 && base + offset + length > file.sizeBytes) refuse('IMAGE_TRUNCATED');
    }
  }
}

/** Reads big-endian numbers one after another; refuses with IMAGE_BROKEN at the table's end. */
class TableReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  number(sizeBytes: number): number {
    if (this.#at + sizeBytes > this.#bytes.length) refuse('IMAGE_BROKEN');
    let value = 0;
    for (let i = 0; i < sizeBytes; i++) value = value * 256 + (this.#bytes[this.#at + i] ?? 0);
    this.#at += sizeBytes;
    return value;
  }
}

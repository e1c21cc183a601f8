import { refuse } from '@kilas/messages/refuse.ts';
import type { FileWindow } from './file-window.ts';
import { WorkBudget } from './work-budget.ts';

const directoryCountMax = 1000;
/** Entries and values of all directories. 200 megapixels in tiles of 16 × 16 are 781,250, each with a place and a length. */
const readCountMax = 2_000_000;

/** Sizes in bytes of the values of all field types, by the number of the type. */
const valueBytes = new Map([
  ...[1, 2, 6, 7].map((type) => [type, 1] as const),
  ...[3, 8].map((type) => [type, 2] as const),
  ...[4, 9, 11, 13].map((type) => [type, 4] as const),
  ...[5, 10, 12, 16, 17, 18].map((type) => [type, 8] as const),
]);

/** ASCII, SHORT, LONG, IFD, LONG8, IFD8. */
const integerTypes: ReadonlySet<number> = new Set([2, 3, 4, 13, 16, 18]);

/** The tags that say where the pixels lie, what they are, and where more directories are. */
export const tiffTags = {
  photometric: 262,
  make: 271,
  stripOffsets: 273,
  stripBytes: 279,
  tileOffsets: 324,
  tileBytes: 325,
  directories: 330,
  printMatching: 50341,
  dngVersion: 50706,
} as const;

const wantedTags: ReadonlySet<number> = new Set(Object.values(tiffTags));

/** The values of the wanted tags by tag; empty for a tag that is there with values of another type. */
export type TiffDirectory = ReadonlyMap<number, readonly number[]>;

interface Layout {
  readonly isLittle: boolean;
  /** BigTIFF counts and points with eight bytes. */
  readonly isBig: boolean;
}

/** All image directories of a TIFF 6.0 or BigTIFF file, the nested ones too. Refuses when one lies beyond the file's end. */
export async function listTiffDirectories(file: FileWindow): Promise<TiffDirectory[]> {
  const head = await file.bytes(0, 8);
  const isLittle = head.toString('latin1', 0, 2) === 'II';
  const layout = { isLittle, isBig: readNumber(head, 2, 2, isLittle) === 43 };
  const first = layout.isBig ? readNumber(await file.bytes(8, 8), 0, 8, isLittle) : readNumber(head, 4, 4, isLittle);
  const directories: TiffDirectory[] = [];
  const seen = new Set<number>();
  const budget = new WorkBudget(readCountMax);
  const waiting = [first];
  // The last first: taking the first of a million costs a million moves.
  for (let offset = waiting.pop(); offset !== undefined; offset = waiting.pop()) {
    if (offset === 0 || seen.has(offset)) continue;
    if (seen.size === directoryCountMax) refuse('IMAGE_BROKEN');
    seen.add(offset);
    const { directory, next } = await readDirectory(file, budget, layout, offset);
    directories.push(directory);
    waiting.push(next, ...(directory.get(tiffTags.directories) ?? []).slice(0, directoryCountMax));
  }
  return directories;
}

async function readDirectory(file: FileWindow, budget: WorkBudget, { isLittle, isBig }: Layout, start: number) {
  const [countBytes, entryBytes, pointerBytes] = isBig ? [8, 20, 8] : [2, 12, 4];
  const count = readNumber(await file.bytes(start, countBytes), 0, countBytes, isLittle);
  if (count > 65_535) refuse('IMAGE_BROKEN');
  budget.take(count);
  const entries = await file.bytes(start + countBytes, count * entryBytes + pointerBytes);
  const directory = new Map<number, readonly number[]>();
  for (let at = 0; at < count * entryBytes; at += entryBytes) {
    const tag = readNumber(entries, at, 2, isLittle);
    const type = readNumber(entries, at + 2, 2, isLittle);
    const bytesEach = valueBytes.get(type) ?? 1;
    const valueCount = readNumber(entries, at + 4, pointerBytes, isLittle);
    const valueAt = at + 4 + pointerBytes;
    const isInside = valueCount * bytesEach <= pointerBytes;
    const offset = isInside ? 0 : readNumber(entries, valueAt, pointerBytes, isLittle);
    if (!isInside && offset + valueCount * bytesEach > file.sizeBytes) refuse('IMAGE_TRUNCATED');
    if (!wantedTags.has(tag)) continue;
    const readable = integerTypes.has(type) ? valueCount : 0;
    budget.take(readable);
    const values = isInside ? entries.subarray(valueAt) : await file.bytes(offset, readable * bytesEach);
    directory.set(
      tag,
      Array.from({ length: readable }, (_, index) => readNumber(values, index * bytesEach, bytesEach, isLittle)),
    );
  }
  return { directory, next: readNumber(entries, count * entryBytes, pointerBytes, isLittle) };
}

function readNumber(bytes: Buffer, at: number, length: number, isLittle: boolean): number {
  if (length === 8) return Number(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  return isLittle ? bytes.readUIntLE(at, length) : bytes.readUIntBE(at, length);
}

import type { FileWindow } from './file-window.ts';
import { PictureError } from './picture-error.ts';
import { WorkBudget } from './work-budget.ts';

const directoryCountMax = 1000;
/** Entries of all directories, and values that are read of them. */
const readCountMax = 200_000;
/** Values that are read of one entry: the most are those that name nested directories. */
const valueCountMax = 1000;

/** Sizes in bytes of the values of the integer types by their number: BYTE, ASCII, SHORT, LONG, IFD, LONG8, IFD8. */
const integerBytes = new Map([
  [1, 1],
  [2, 1],
  [3, 2],
  [4, 4],
  [13, 4],
  [16, 8],
  [18, 8],
]);

/** The tags that say what a page is. */
export const tiffTags = {
  subfileType: 254,
  oldSubfileType: 255,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  photometric: 262,
  make: 271,
  orientation: 274,
  samplesPerPixel: 277,
  nested: 330,
  planar: 284,
  extraSamples: 338,
  printMatching: 50341,
  dngVersion: 50706,
} as const;

const wantedTags: ReadonlySet<number> = new Set(Object.values(tiffTags));

export interface TiffDirectory {
  /** Where in the file it begins. */
  readonly at: number;
  /** In the chain that the file begins with; a nested directory has that of the one that names it. */
  readonly page: number;
  /** Which of those that its page names; undefined for the page itself. */
  readonly nested: number | undefined;
  /** The values of the wanted tags; empty for a tag that is there with values of another type. */
  readonly values: ReadonlyMap<number, readonly number[]>;
  /** Where in the file the value of the photometric interpretation stands. */
  readonly photometricAt: number | undefined;
}

export interface TiffDirectories {
  readonly isLittle: boolean;
  readonly directories: readonly TiffDirectory[];
  /** Whether any entry says that its value lies past the end of the file. */
  readonly isCutShort: boolean;
}

interface Layout {
  readonly isLittle: boolean;
  /** BigTIFF counts and points with eight bytes. */
  readonly isBig: boolean;
}

/**
 * The image directories of a TIFF 6.0 or BigTIFF file and those that they name. Throws `truncated` when one lies past the file's
 * end, and `broken` when there are more than any picture has.
 */
export async function listTiffDirectories(file: FileWindow): Promise<TiffDirectories> {
  const head = await file.bytes(0, 8);
  const isLittle = head.toString('latin1', 0, 2) === 'II';
  const layout = { isLittle, isBig: readNumber(head, 2, 2, isLittle) === 43 };
  const budget = new WorkBudget(readCountMax);
  const directories: TiffDirectory[] = [];
  const seen = new Set<number>();
  let isCutShort = false;
  const read = async (at: number, place: { page: number; nested: number | undefined }) => {
    if (seen.size === directoryCountMax) throw new PictureError('broken');
    seen.add(at);
    const directory = await readDirectory(file, budget, layout, at);
    isCutShort ||= directory.isCutShort;
    directories.push({ at, ...place, values: directory.values, photometricAt: directory.photometricAt });
    return directory;
  };
  let at = layout.isBig ? readNumber(await file.bytes(8, 8), 0, 8, isLittle) : readNumber(head, 4, 4, isLittle);
  for (let page = 0; at !== 0 && !seen.has(at); page++) {
    const { next, values } = await read(at, { page, nested: undefined });
    // What these name in turn are smaller copies at most.
    for (const [nested, offset] of (values.get(tiffTags.nested) ?? []).entries()) {
      if (offset !== 0 && !seen.has(offset)) await read(offset, { page, nested });
    }
    at = next;
  }
  return { isLittle, directories, isCutShort };
}

async function readDirectory(file: FileWindow, budget: WorkBudget, { isLittle, isBig }: Layout, start: number) {
  const [countBytes, entryBytes, pointerBytes] = isBig ? [8, 20, 8] : [2, 12, 4];
  const count = readNumber(await file.bytes(start, countBytes), 0, countBytes, isLittle);
  if (count > 65_535) throw new PictureError('broken');
  budget.take(count);
  const entriesAt = start + countBytes;
  // A copy, since the window moves on while values are read.
  const entries = Buffer.from(await file.bytes(entriesAt, count * entryBytes));
  // Some writers forget the pointer at the end of the last one.
  const hasNext = entriesAt + entries.length + pointerBytes <= file.sizeBytes;
  const nextAt = entriesAt + entries.length;
  const next = hasNext ? readNumber(await file.bytes(nextAt, pointerBytes), 0, pointerBytes, isLittle) : 0;
  const values = new Map<number, readonly number[]>();
  let isCutShort = false;
  let photometricAt: number | undefined;
  for (let at = 0; at < entries.length; at += entryBytes) {
    const tag = readNumber(entries, at, 2, isLittle);
    const bytesEach = integerBytes.get(readNumber(entries, at + 2, 2, isLittle));
    const valueCount = readNumber(entries, at + 4, pointerBytes, isLittle);
    const valueAt = at + 4 + pointerBytes;
    const isInside = valueCount * (bytesEach ?? 1) <= pointerBytes;
    const offset = isInside ? entriesAt + valueAt : readNumber(entries, valueAt, pointerBytes, isLittle);
    const isBeyond = offset + valueCount * (bytesEach ?? 1) > file.sizeBytes;
    isCutShort ||= isBeyond;
    if (!wantedTags.has(tag)) continue;
    const readable = bytesEach === undefined || isBeyond ? 0 : Math.min(valueCount, valueCountMax);
    budget.take(readable);
    const bytes = await file.bytes(offset, readable * (bytesEach ?? 1));
    values.set(
      tag,
      Array.from({ length: readable }, (_, index) =>
        readNumber(bytes, index * (bytesEach ?? 1), bytesEach ?? 1, isLittle),
      ),
    );
    if (tag === tiffTags.photometric) photometricAt = offset;
  }
  return { values, next, isCutShort, photometricAt };
}

function readNumber(bytes: Buffer, at: number, length: number, isLittle: boolean): number {
  if (length === 8) return Number(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  return isLittle ? bytes.readUIntLE(at, length) : bytes.readUIntBE(at, length);
}

import type { BytesView } from './file-view.ts';

const tags = { subfileType: 254, oldSubfileType: 255, width: 256, height: 257, photometric: 262 } as const;
const oldReducedType = 2;
const maskPhotometric = 4;
const entryBytes = 12;
const entriesMax = 4096;
const pagesMax = 1000;
const shortType = 3;

/** A page of a TIFF 6.0 file: where its directory lies, and of how large a picture it speaks. */
interface Page {
  readonly at: number;
  /** A reduced copy, or a mask. */
  readonly isAside: boolean;
  readonly pixels: number;
}

/** What there is to know of a TIFF before its tags are read. */
export interface TiffPages {
  readonly isLittle: boolean;
  /** Of the directories, the picture's first: the largest page that is no reduced copy and no mask. Then that of the first page, if it is another one. */
  readonly directories: readonly number[];
}

/**
 * Finds the page that is the picture, as the decoder's `findTiffPage` does. Cameras write what they know into the first page, be it a
 * reduced copy, so it tells what the picture's leaves out; undefined for what is no TIFF 6.0.
 */
export function listTiffPages(view: BytesView): TiffPages | undefined {
  if (view.byteLength < 8) return undefined;
  const isLittle = view.getUint16(0) === 0x4949;
  if ((!isLittle && view.getUint16(0) !== 0x4d4d) || view.getUint16(2, isLittle) !== 42) return undefined;
  const pages = listPages(view, isLittle);
  const [first] = pages;
  if (first === undefined) return { isLittle, directories: [] };
  const full = pages.filter(({ isAside }) => !isAside);
  const picture = full.reduce((best, page) => (page.pixels > best.pixels ? page : best), full[0] ?? first);
  return { isLittle, directories: first === picture ? [picture.at] : [picture.at, first.at] };
}

function listPages(view: BytesView, isLittle: boolean): Page[] {
  const pages: Page[] = [];
  const seen = new Set<number>();
  let at = view.getUint32(4, isLittle);
  while (at !== 0 && !seen.has(at) && at + 2 <= view.byteLength && pages.length < pagesMax) {
    seen.add(at);
    const entryCount = view.getUint16(at, isLittle);
    const end = at + 2 + entryCount * entryBytes;
    if (entryCount > entriesMax || end > view.byteLength) break;
    pages.push(readPage(view, isLittle, at));
    at = end + 4 <= view.byteLength ? view.getUint32(end, isLittle) : 0;
  }
  return pages;
}

function readPage(view: BytesView, isLittle: boolean, at: number): Page {
  const values = new Map<number, number>();
  const end = at + 2 + view.getUint16(at, isLittle) * entryBytes;
  for (let entry = at + 2; entry < end; entry += entryBytes) {
    const isShort = view.getUint16(entry + 2, isLittle) === shortType;
    const value = isShort ? view.getUint16(entry + 8, isLittle) : view.getUint32(entry + 8, isLittle);
    values.set(view.getUint16(entry, isLittle), value);
  }
  const pixels = (values.get(tags.width) ?? 0) * (values.get(tags.height) ?? 0);
  const type = values.get(tags.subfileType);
  const isReduced = type === undefined ? values.get(tags.oldSubfileType) === oldReducedType : (type & 1) !== 0;
  const isMask = ((type ?? 0) & 4) !== 0 || values.get(tags.photometric) === maskPhotometric;
  return { at, isAside: isReduced || isMask, pixels };
}

import { throwMachineFault } from '@kilas/platform/problems/machine-fault.ts';
import { fileTypeFromBuffer, fileTypeFromFile } from 'file-type';
import { FileWindow, type PictureSource } from './file-window.ts';
import { PictureError } from './picture-error.ts';

export const pictureFormats = ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const;
export type PictureFormat = (typeof pictureFormats)[number];

const byMimeType: Readonly<Record<string, PictureFormat>> = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  // An animated PNG is taken for its first picture.
  'image/apng': 'png',
  'image/webp': 'webp',
};

const rawMimeTypes = new Set([
  'image/x-canon-cr3',
  'image/x-fujifilm-raf',
  'image/x-nikon-nef',
  'image/x-olympus-orf',
  'image/x-panasonic-rw2',
]);

const brandsMaxBytes = 256;

/** What a file is, by its content; throws `no_picture`, or `heic` and `raw` by their names. */
export async function recogniseFormat(source: PictureSource): Promise<PictureFormat> {
  const head = await FileWindow.on(source, (file) => file.atLeast(0, brandsMaxBytes));
  if (head.toString('latin1', 4, 8) === 'ftyp') return recogniseBrand(head);
  const guess = typeof source === 'string' ? fileTypeFromFile(source) : fileTypeFromBuffer(source);
  // A guess that fails on hostile bytes is no guess.
  const mimeType = (await guess.catch(throwMachineFault))?.mime ?? '';
  if (rawMimeTypes.has(mimeType)) throw new PictureError('raw');
  // The library asks for another marker right behind the first, where some cameras leave room.
  if (head[0] === 0xff && head[1] === 0xd8) return 'jpeg';
  // The library takes a truncated TIFF for no picture, and other makers' pictures for Sony's.
  if (isTiff(head)) return 'tiff';
  const format = byMimeType[mimeType];
  if (format === undefined) throw new PictureError('no_picture');
  return format;
}

/** ISO/IEC 23008-12: the same container for AVIF, HEIC and Canon's newer RAW; the brands tell. */
function recogniseBrand(head: Buffer): PictureFormat {
  const end = Math.min(head.readUInt32BE(0), head.length);
  const major = head.toString('latin1', 8, 12);
  const compatible = head.toString('latin1', 16, Math.max(16, end)).match(/.{4}/gs) ?? [];
  const brands = [major, ...compatible];
  if (brands.includes('crx ')) throw new PictureError('raw');
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'avif';
  throw new PictureError(brands.some((brand) => /^(he[ivx][cmsx]|mif1|msf1)$/.test(brand)) ? 'heic' : 'no_picture');
}

function isTiff(head: Buffer): boolean {
  return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(head.toString('latin1', 0, 4));
}

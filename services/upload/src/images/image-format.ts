import { refuse } from '@kilas/messages/refuse.ts';
import { throwMachineFault } from '@kilas/platform/machine-fault.ts';
import { fileTypeFromFile } from 'file-type';
import type { FileWindow } from './file-window.ts';

export const imageFormats = ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const;
export type ImageFormat = (typeof imageFormats)[number];

const byMimeType: Readonly<Record<string, ImageFormat>> = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  // An animated PNG is taken for its first picture.
  'image/apng': 'png',
  'image/webp': 'webp',
};

const rawMimeTypes = new Set([
  'image/x-canon-cr3',
  'image/x-fujifilm-raf',
  'image/x-olympus-orf',
  'image/x-panasonic-rw2',
]);

const nikonMimeType = 'image/x-nikon-nef';
const brandsMaxBytes = 256;

/** What a file is, by its content; refuses what is no picture that we take, HEIC and RAW by their names. */
export async function recogniseFormat(path: string, file: FileWindow): Promise<ImageFormat> {
  const head = await file.atLeast(0, brandsMaxBytes);
  if (head.toString('latin1', 4, 8) === 'ftyp') return recogniseBrand(head);
  // A guess that fails on hostile bytes is no guess.
  const mimeType = (await fileTypeFromFile(path).catch(throwMachineFault))?.mime;
  if (mimeType === nikonMimeType || (mimeType !== undefined && rawMimeTypes.has(mimeType))) refuse('RAW_NOT_SUPPORTED');
  // The library takes a TIFF that is cut short for nothing, and other makers' pictures for Sony's.
  if (isTiff(head)) return 'tiff';
  return byMimeType[mimeType ?? ''] ?? refuse('NOT_AN_IMAGE');
}

/** ISO/IEC 23008-12: the same container for AVIF, HEIC and Canon's newer RAW; the brands tell. */
function recogniseBrand(head: Buffer): ImageFormat {
  const end = Math.min(head.readUInt32BE(0), head.length);
  const major = head.toString('latin1', 8, 12);
  const compatible = head.toString('latin1', 16, Math.max(16, end)).match(/.{4}/gs) ?? [];
  const brands = [major, ...compatible];
  if (brands.includes('crx ')) refuse('RAW_NOT_SUPPORTED');
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'avif';
  if (brands.some((brand) => /^(he[ivx][cmsx]|mif1|msf1)$/.test(brand))) refuse('HEIC_NOT_SUPPORTED');
  return refuse('NOT_AN_IMAGE');
}

function isTiff(head: Buffer): boolean {
  return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(head.toString('latin1', 0, 4));
}

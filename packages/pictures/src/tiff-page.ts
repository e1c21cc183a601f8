import { FileWindow, type PictureSource } from './file-window.ts';
import { PictureError } from './picture-error.ts';
import { listTiffDirectories, type TiffDirectories, type TiffDirectory, tiffTags } from './tiff-directories.ts';

/** Colour filter array (TIFF/EP) and LinearRaw (DNG): what a sensor saw, not a picture yet. */
const sensorPhotometrics = [32_803, 34_892];
const maskPhotometric = 4;
/** Bits of NewSubfileType (TIFF 6.0, section 8). */
const [isReducedBit, isMaskBit] = [1, 4];
const oldReducedType = 2;

/** The page of a TIFF that is its picture, with what the file says of all its pages. */
export interface TiffPage extends TiffDirectories {
  readonly directory: TiffDirectory;
  /** In pixels, as stored. */
  readonly size: { readonly width: number; readonly height: number };
}

/**
 * The largest page at full resolution, the first of several: cameras and scanners put a small copy before it. Throws `raw` for cameras' own
 * TIFFs, and as listTiffDirectories.
 */
export async function findTiffPage(source: PictureSource): Promise<TiffPage> {
  return FileWindow.on(source, async (file) => {
    const mark = await file.atLeast(8, 2);
    if (mark.toString('latin1', 0, 2) === 'CR') throw new PictureError('raw');
    const listed = await listTiffDirectories(file);
    if (listed.directories.some(isSensorData)) throw new PictureError('raw');
    const pictures = listed.directories.filter((directory) => !isMask(directory));
    const full = pictures.filter((directory) => !isReduced(directory));
    const [directory] = (full.length > 0 ? full : pictures).toSorted((a, b) => areaOf(b) - areaOf(a));
    if (directory === undefined) throw new PictureError('broken');
    return { ...listed, directory, size: sizeOf(directory) };
  });
}

export function firstValue({ values }: TiffDirectory, tag: number): number | undefined {
  return values.get(tag)?.[0];
}

/** Whether each channel is stored for itself, one after the other. */
export function isPlanar({ directory }: TiffPage): boolean {
  return firstValue(directory, tiffTags.planar) === 2;
}

/** Whether a fourth channel is transparency (ExtraSamples 1 or 2) and not a mask that an editor keeps with the picture. */
export function hasTransparency({ directory }: TiffPage): boolean {
  const kind = firstValue(directory, tiffTags.extraSamples);
  return kind === 1 || kind === 2;
}

function isSensorData(directory: TiffDirectory): boolean {
  const photometric = firstValue(directory, tiffTags.photometric);
  const make = String.fromCharCode(...(directory.values.get(tiffTags.make) ?? []).slice(0, 4));
  return (
    directory.values.has(tiffTags.dngVersion) ||
    (photometric !== undefined && sensorPhotometrics.includes(photometric)) ||
    // Print matching alone is found in pictures of other makers too.
    (directory.values.has(tiffTags.printMatching) && make === 'SONY')
  );
}

function isMask(directory: TiffDirectory): boolean {
  const type = firstValue(directory, tiffTags.subfileType) ?? 0;
  return (type & isMaskBit) !== 0 || firstValue(directory, tiffTags.photometric) === maskPhotometric;
}

function isReduced(directory: TiffDirectory): boolean {
  const type = firstValue(directory, tiffTags.subfileType);
  if (type !== undefined) return (type & isReducedBit) !== 0;
  return firstValue(directory, tiffTags.oldSubfileType) === oldReducedType;
}

function sizeOf(directory: TiffDirectory): { width: number; height: number } {
  return { width: firstValue(directory, tiffTags.width) ?? 0, height: firstValue(directory, tiffTags.height) ?? 0 };
}

function areaOf(directory: TiffDirectory): number {
  const { width, height } = sizeOf(directory);
  return width * height;
}

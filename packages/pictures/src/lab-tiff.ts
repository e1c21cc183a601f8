import sharp, { type SharpOptions } from 'sharp';
import { tiffTags } from './tiff-directories.ts';
import { findTiffPage, firstValue, type TiffPage } from './tiff-page.ts';

/** Photometric interpretations (TIFF 6.0, section 8 and 23). */
const [rgb, cieLab] = [2, 8];

/** Whether the page is in Lab with eight bits a channel, which sharp does not read, though it does so with sixteen. */
export function isShallowLab({ directory }: TiffPage): boolean {
  const bits = directory.values.get(tiffTags.bitsPerSample) ?? [];
  return (
    firstValue(directory, tiffTags.photometric) === cieLab &&
    firstValue(directory, tiffTags.samplesPerPixel) === 3 &&
    bits.every((count) => count === 8)
  );
}

/**
 * The page as a TIFF of its own in Lab with sixteen bits, upright: its numbers are read as if they were RGB, made deeper, and called
 * Lab again. The low byte that a channel gets so is its high one once more, a difference that no eye sees.
 */
export async function deepenLab(bytes: Buffer, page: TiffPage, options: SharpOptions): Promise<Buffer> {
  const numbers = await sharp(relabel(bytes, page, rgb), { ...options, failOn: 'error', ignoreIcc: true })
    .autoOrient()
    .toColourspace('rgb16')
    .tiff({ compression: 'none' })
    .toBuffer();
  return relabel(numbers, await findTiffPage(numbers), cieLab);
}

/** A copy whose page says of its numbers that they are of another kind. */
function relabel(bytes: Buffer, { isLittle, directory }: TiffPage, photometric: number): Buffer {
  const { photometricAt } = directory;
  if (photometricAt === undefined) throw new Error('a page without a photometric interpretation is not in Lab');
  const copy = Buffer.from(bytes);
  if (isLittle) copy.writeUInt16LE(photometric, photometricAt);
  else copy.writeUInt16BE(photometric, photometricAt);
  return copy;
}

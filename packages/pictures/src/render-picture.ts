import { readFile } from 'node:fs/promises';
import { isMachineFault } from '@kilas/platform/problems/machine-fault.ts';
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import { makeAdobeRgbProfile, saysAdobeRgbByExif } from './adobe-rgb.ts';
import { bytesPerPixelOf, type DecodeMemory, type PictureHeader } from './decode-memory.ts';
import { embedIntoJpeg, embedIntoPng } from './embed-profile.ts';
import type { PictureSource } from './file-window.ts';
import { endsInFill, endsWhole } from './jpeg-end.ts';
import { faultOf, isHarmless } from './judge-error.ts';
import { deepenLab, isShallowLab } from './lab-tiff.ts';
import { hasTooManyScans, type MendedJpeg, mendJpeg } from './mend-jpeg.ts';
import { isWebpCutShort, mendWebp } from './mend-webp.ts';
import { PictureError } from './picture-error.ts';
import { type PictureFormat, recogniseFormat } from './picture-format.ts';
import { isPngCutShort } from './png-end.ts';
import { isSrgbProfile } from './srgb-profile.ts';
import { tiffTags } from './tiff-directories.ts';
import { findTiffPage, firstValue, hasTransparency, isPlanar, type TiffPage } from './tiff-page.ts';

export interface PictureLimits {
  readonly pixelsMax: number;
  /** Pixels of the longer side. */
  readonly sideMax?: number;
  /** Of one attempt to decode. */
  readonly secondsMax: number;
  /** Shared by all pictures that this process decodes. */
  readonly memory: DecodeMemory;
}

export interface RenderedPicture<T> {
  readonly format: PictureFormat;
  readonly result: T;
}

/** Of the orientations that a camera can have; mirrored ones come from software, which writes them where they belong. */
const rotations = new Map([
  [3, 180],
  [6, 90],
  [8, 270],
]);

type Place = { page: number; tiff: { subifd: number } };
type Attempt<T> = (input: PictureSource, place: Place | undefined, failOn?: SharpOptions['failOn']) => Promise<T>;

/**
 * The one way from a file of any format that we take to pixels: `render` gets them upright, in sRGB of three channels, transparency on
 * white, of the first picture of several (of a TIFF, the largest page); it may be called more than once. What viewers show whole is taken,
 * though a decoder complains; what has lost pixels is not. Limits hold by the header, before a pixel is decoded, and decoding waits for its memory. Throws PictureError for what is wrong with the file.
 */
export async function renderPicture<T>(
  source: PictureSource,
  limits: PictureLimits,
  render: (pixels: Sharp) => Promise<T>,
): Promise<RenderedPicture<T>> {
  const format = await recogniseFormat(source);
  const page = format === 'tiff' ? await findTiffPage(source) : undefined;
  const attempt: Attempt<T> = async (input, place, failOn = format === 'jpeg' ? 'warning' : 'error') => {
    const options: SharpOptions = { failOn, limitInputPixels: limits.pixelsMax, ...place };
    const header = await readHeader(input, { ...options, limitInputPixels: false }, page);
    return within(limits, header, () => decode(input, options, header, place));
  };
  const decode = async (
    input: PictureSource,
    options: SharpOptions,
    header: Metadata,
    place: Place | undefined,
  ): Promise<T> => {
    const isOfScans = format === 'jpeg' && header.isProgressive;
    if (isOfScans && (await hasTooManyScans(await bytesOf(input)))) throw new PictureError('broken');
    const image = await openUpright(input, options, header);
    // Lab's is one that libvips gets wrong.
    const isOpaque = header.space === 'labs' || (page !== undefined && !hasTransparency(page));
    if (isOpaque) image.removeAlpha();
    else image.flatten({ background: '#fff' });
    if (place !== undefined) image.rotate(quarterTurnsOf(page));
    return render(image.timeout({ seconds: limits.secondsMax }));
  };
  if (format === 'jpeg') return { format, result: await renderJpeg(source, attempt, limits) };
  const place = page === undefined ? undefined : placeOf(page);
  try {
    return { format, result: await attempt(source, place) };
  } catch (error) {
    if (saysNothingNew(error)) throw error;
    const mended = await mend(source, format, page, limits);
    if (mended === undefined) {
      const isCutShort = page?.isCutShort ?? (format === 'png' && (await isPngCutShort(source)));
      throw isCutShort ? new PictureError('truncated', error) : faultOf(error);
    }
    return { format, result: await attempt(mended, undefined).catch(rethrow) };
  }
}

/**
 * Libjpeg complains of many things at once and names only the first. So a file of which it complains, or that may end in bytes that were never
 * written, is decoded again without its harmless parts.
 */
async function renderJpeg<T>(source: PictureSource, attempt: Attempt<T>, limits: PictureLimits): Promise<T> {
  const first = await attempt(source, undefined).then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  if ('error' in first && saysNothingNew(first.error)) throw first.error;
  if ('result' in first && !(await endsInFill(source))) return first.result;
  const mended = await mendJpeg(await bytesOf(source));
  if ('result' in first && mended?.hasEnd === true) return first.result;
  if (mended === undefined) throw faultOf('error' in first ? first.error : undefined);
  return renderMended(mended, attempt, limits);
}

async function renderMended<T>(mended: MendedJpeg, attempt: Attempt<T>, limits: PictureLimits): Promise<T> {
  try {
    const result = await attempt(mended.bytes, undefined).catch((error: unknown) => {
      if (isHarmless(error)) return attempt(mended.bytes, undefined, 'error');
      throw error;
    });
    if (!mended.hasEnd && !(mended.hasAllScans && (await isWholeAtEnd(mended, limits))))
      throw new PictureError('truncated');
    return result;
  } catch (error) {
    if (saysNothingNew(error)) throw error;
    throw new PictureError(mended.hasEnd ? 'broken' : 'truncated', error);
  }
}

async function isWholeAtEnd({ bytes, body }: MendedJpeg, limits: PictureLimits): Promise<boolean> {
  const header = await readHeader(bytes, { failOn: 'none', limitInputPixels: false });
  return within(limits, header, () => endsWhole(body));
}

/** The bytes of a file that sharp does not read in a way in which it does; undefined when there is none. */
async function mend(
  source: PictureSource,
  format: PictureFormat,
  page: TiffPage | undefined,
  limits: PictureLimits,
): Promise<Buffer | undefined> {
  if (page !== undefined && isShallowLab(page)) {
    const options = { ...placeOf(page), limitInputPixels: limits.pixelsMax };
    // Three channels of sixteen bits are written, and decoded once more.
    const header = { ...page.size, channels: 6, depth: 'ushort', format: 'tiff', isPlanar: true } as const;
    return within(limits, header, async () => deepenLab(await bytesOf(source), page, options).catch(rethrow));
  }
  if (format !== 'webp') return undefined;
  const bytes = await bytesOf(source);
  const mended = mendWebp(bytes);
  if (mended === undefined && isWebpCutShort(bytes)) throw new PictureError('truncated');
  return mended;
}

async function openUpright(input: PictureSource, options: SharpOptions, header: Metadata): Promise<Sharp> {
  const { icc, exif, space } = header;
  const isRgb = space === 'srgb' || space === 'rgb16';
  if (icc === undefined && isRgb && exif !== undefined && saysAdobeRgbByExif(exif)) {
    const { failOn, limitInputPixels } = options;
    const embedded = await embedAdobeRgb(input, options, header);
    return toSrgb(sharp(embedded, { ...(failOn && { failOn }), ...(limitInputPixels && { limitInputPixels }) }), space);
  }
  return toSrgb(sharp(input, { ...options, ignoreIcc: icc !== undefined && isSrgbProfile(icc) }), space);
}

function toSrgb(image: Sharp, space: string): Sharp {
  image.autoOrient().toColourspace('srgb');
  // Deep pixels sharp takes to P3 by their profile, and then for sRGB; grey ones not at all. So they lose their depth first.
  if (space === 'rgb16') image.pipelineColourspace('srgb');
  if (space === 'grey16') image.pipelineColourspace('b-w');
  return image;
}

async function embedAdobeRgb(input: PictureSource, options: SharpOptions, { format }: Metadata): Promise<Buffer> {
  const profile = makeAdobeRgbProfile();
  if (format === 'jpeg') return embedIntoJpeg(await bytesOf(input), profile);
  return embedIntoPng(await sharp(input, options).autoOrient().png({ compressionLevel: 0 }).toBuffer(), profile);
}

function placeOf({ directory }: TiffPage): Place {
  return { page: directory.page, tiff: { subifd: directory.nested ?? -1 } };
}

/** In degrees, what the first page says of one that does not say how it lies: cameras write it once. */
function quarterTurnsOf(page: TiffPage | undefined): number {
  const [first] = page?.directories ?? [];
  if (page === undefined || first === undefined || page.directory.values.has(tiffTags.orientation)) return 0;
  return rotations.get(firstValue(first, tiffTags.orientation) ?? 1) ?? 0;
}

async function readHeader(input: PictureSource, options: SharpOptions, page?: TiffPage) {
  const header = await sharp(input, options).metadata();
  return { ...header, isPlanar: page !== undefined && isPlanar(page) };
}

/** Refuses a picture above the limits, and decodes any other when there is memory for it. */
async function within<R>(limits: PictureLimits, header: PictureHeader, decode: () => Promise<R>): Promise<R> {
  checkLimits(header, limits);
  const { memory } = limits;
  const [pixels, bytesPerPixel] = [header.width * header.height, bytesPerPixelOf(header)];
  const pixelsMax = Math.floor(memory.bytesMax / bytesPerPixel);
  if (pixels > pixelsMax) throw new PictureError('too_many_pixels', undefined, pixelsMax);
  return memory.use(pixels * bytesPerPixel, decode);
}

function checkLimits({ width, height }: { width: number; height: number }, limits: PictureLimits): void {
  if (width * height > limits.pixelsMax) throw new PictureError('too_many_pixels');
  if (limits.sideMax !== undefined && Math.max(width, height) > limits.sideMax) throw new PictureError('too_long');
}

async function bytesOf(source: PictureSource): Promise<Buffer> {
  return typeof source === 'string' ? readFile(source) : source;
}

/** Whether an error is final already, or says nothing of the file. */
function saysNothingNew(error: unknown): boolean {
  return error instanceof PictureError || isMachineFault(error);
}

function rethrow(error: unknown): never {
  throw saysNothingNew(error) ? error : faultOf(error);
}

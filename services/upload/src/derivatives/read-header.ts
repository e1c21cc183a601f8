import { writeFile } from 'node:fs/promises';
import { throwMachineFault } from '@kilas/platform/problems/machine-fault.ts';
import sharp from 'sharp';
import type { UploadContext } from '../context.ts';
import { cameraNameOf } from '../metadata/camera-name.ts';
import { type CaptureTime, captureTimeOf } from '../metadata/capture-time.ts';
import type { Tags } from '../metadata/read-tags.ts';

/** What a camera wrote into a file, as far as it is kept. */
export type PhotoHeader = Partial<CaptureTime> & { readonly camera?: string };

/** What the camera wrote into the file. Whatever is missing or makes no sense is left out; nothing of it fails a photo. Throws a fault of this machine. */
export async function readHeader(ctx: Pick<UploadContext, 'metadata' | 'clock'>, file: string): Promise<PhotoHeader> {
  const found = await ctx.metadata.read(file);
  const tags = Object.keys(found).length > 0 ? found : await readParts(ctx, file);
  const camera = cameraNameOf(tags);
  return { ...captureTimeOf(tags, ctx.clock.now()), ...(camera === undefined ? {} : { camera }) };
}

/** Where the file's structure is one that only the decoder forgives, what the decoder takes for its metadata; written beside the file. */
async function readParts(ctx: Pick<UploadContext, 'metadata'>, file: string): Promise<Tags> {
  const parts = await sharp(file, { limitInputPixels: false, failOn: 'none' }).metadata().catch(throwMachineFault);
  const exif = parts?.exif?.toString('latin1', 0, 6) === 'Exif\0\0' ? parts.exif.subarray(6) : parts?.exif;
  let known: Tags = {};
  for (const [name, bytes] of [['exif', exif] as const, ['xmp', parts?.xmp] as const]) {
    if (bytes === undefined) continue;
    await writeFile(`${file}.${name}`, bytes, { mode: 0o600 });
    known = { ...(await ctx.metadata.read(`${file}.${name}`)), ...known };
  }
  return known;
}

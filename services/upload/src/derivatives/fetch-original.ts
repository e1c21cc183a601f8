import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { UploadContext } from '../context.ts';
import type { Upload } from '../uploads/upload.ts';

/** Copies the original to a file, which libvips reads piece by piece where a buffer would hold all of it. Throws ObjectMissing. */
export async function fetchOriginal(ctx: UploadContext, upload: Upload, folder: string): Promise<string> {
  const file = path.join(folder, 'original');
  const { stream } = await ctx.objects.open({ bucket: 'originals', key: upload.original_key });
  await pipeline(stream, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  return file;
}

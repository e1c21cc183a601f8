import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import sharp from 'sharp';
import { asAnotherShot } from './as-another-shot.ts';

const sampleFolder = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
  'demo',
);

/** The photos that come with the installed face package. */
export async function samplePhotoFiles(): Promise<string[]> {
  const names = (await readdir(sampleFolder)).filter((name) => /^sample\d\.jpg$/.test(name));
  return names.sort().map((name) => path.join(sampleFolder, name));
}

/** Where one face stands in one of the sample photos, in pixels, with room around it. */
const sampleFace = { file: 'sample1.jpg', left: 1401, top: 141, width: 362, height: 362 };

/** What a face is bent by, as a share of its picture's width. */
const bentBy = 0.036;

/** A face cropped from a sample photo, then changed in scale, light and shape, as in another shot: a crop is no selfie. */
export async function makeSelfie(): Promise<{ name: string; bytes: Buffer }> {
  const { file, ...region } = sampleFace;
  const bytes = await sharp(path.join(sampleFolder, file))
    .extract(region)
    .resize(640)
    .modulate({ brightness: 0.85, saturation: 0.8 })
    .png()
    .toBuffer();
  return { name: `a face of ${file}`, bytes: await asAnotherShot(bytes, bentBy) };
}

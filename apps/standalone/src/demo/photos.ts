import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import sharp from 'sharp';
import { systemReason, UserError } from '../user-error.ts';
import { asAnotherShot } from './as-another-shot.ts';
import type { Selfie } from './run-journey.ts';

const extensions = new Set(['.jpg', '.jpeg', '.png', '.webp', '.avif', '.tif', '.tiff']);

const sampleFolder = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
  'demo',
);

/** The photos that come with the installed face package. */
export async function samplePhotoFiles(): Promise<string[]> {
  const names = (await readdir(sampleFolder)).filter((name) => /^sample\d\.jpg$/.test(name));
  return names.sort().map((name) => path.join(sampleFolder, name));
}

/** The image files of a folder, in the order of their names. */
export async function listPhotoFiles(folder: string): Promise<string[]> {
  const names = (await listNames(folder)).filter((name) => extensions.has(path.extname(name).toLowerCase()));
  if (names.length === 0)
    throw new UserError(`There are no JPEG, PNG, WebP, AVIF or TIFF files in ${folder}: put some there.`);
  return names.sort().map((name) => path.join(folder, name));
}

async function listNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw new UserError(`The photos in ${folder} cannot be read (${systemReason(error)}): --photos takes a folder.`);
  }
}

/** Where one face stands in one of the sample photos, in pixels, with room around it. */
const sampleFace = { file: 'sample1.jpg', left: 1401, top: 141, width: 362, height: 362 };

/** What a face is bent by, as a share of its picture's width. */
const bentBy = 0.036;

/** A face cut from a sample photo, then changed in scale, light and shape, as in another shot: a crop is no selfie. */
export async function makeSelfie(): Promise<Selfie> {
  const { file, ...region } = sampleFace;
  const bytes = await sharp(path.join(sampleFolder, file))
    .extract(region)
    .resize(640)
    .modulate({ brightness: 0.85, saturation: 0.8 })
    .png()
    .toBuffer();
  return { name: `a face of ${file}`, bytes: await asAnotherShot(bytes, bentBy) };
}

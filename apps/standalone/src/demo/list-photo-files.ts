import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { systemReason, UserError } from '@kilas/cli/user-error.ts';

const extensions = new Set(['.jpg', '.jpeg', '.png', '.webp', '.avif', '.tif', '.tiff']);

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

import { link, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ObjectRef } from '@kilas/platform/objects/objects.ts';
import { isErrno } from '@kilas/platform/problems/is-errno.ts';

/** Where a backup keeps an object. */
export function objectFile(backupFolder: string, { bucket, key }: ObjectRef): string {
  return path.join(backupFolder, 'objects', bucket, key);
}

/** Gives a file a second name, unless something has that name. False where the two are not on one disk, the disk knows no such names, or there is no file. */
export async function linkFile(from: string, to: string): Promise<boolean> {
  await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return true;
    if (['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'ENOENT'].some((code) => isErrno(error, code))) return false;
    throw error;
  }
}

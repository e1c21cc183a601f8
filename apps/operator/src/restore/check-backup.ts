import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { systemReason, UserError } from '@kilas/cli/user-error.ts';
import { hashFile } from '../backup/hashed-file.ts';
import { type BackupFile, type Manifest, manifestName, manifestSchema, objectLine } from '../backup/manifest.ts';
import { objectFile } from '../backup/object-file.ts';

export interface CheckOptions {
  readonly folder: string;
  readonly stop: AbortSignal;
  readonly onProgress: (count: number) => void;
}

/** Reads a backup's manifest; throws a UserError unless every file that it names is there, as it was written. */
export async function checkBackup(options: CheckOptions): Promise<Manifest> {
  const manifest = await readManifest(options.folder);
  const tables = Object.values(manifest.databases).flatMap((database) => database.tables);
  const named = [...tables.map(({ file }) => file), manifest.objects?.list, manifest.secrets];
  let count = 0;
  const check = async (file: string, expected: Omit<BackupFile, 'path'>) => {
    options.stop.throwIfAborted();
    const found = existsSync(file) ? await hashFile(file) : undefined;
    if (found?.sha256 !== expected.sha256 || found.sizeBytes !== expected.sizeBytes) {
      throw new UserError(`${file} is ${found === undefined ? 'missing' : 'damaged'}: take another backup.`);
    }
    count += 1;
    options.onProgress(count);
  };
  for (const file of named) if (file) await check(path.join(options.folder, file.path), file);
  if (manifest.objects !== null) {
    for await (const line of listObjects(options.folder, manifest.objects)) {
      await check(objectFile(options.folder, line), line);
    }
  }
  return manifest;
}

async function readManifest(folder: string): Promise<Manifest> {
  const file = path.join(folder, manifestName);
  try {
    return manifestSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const reason = systemReason(error) ?? 'it is not what this version of Kilas writes';
    throw new UserError(`${folder} is no backup that can be restored: ${file} cannot be read (${reason}).`);
  }
}

/** The objects of a backup, in the order of its list. */
export async function* listObjects(folder: string, { list }: NonNullable<Manifest['objects']>) {
  const file = await open(path.join(folder, list.path));
  for await (const line of file.readLines()) yield objectLine.parse(JSON.parse(line));
}

import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { Target } from '@kilas/installation/target/target.ts';
import { syncFolder } from '../backup/hashed-file.ts';
import type { Manifest } from '../backup/manifest.ts';
import { linkFile, objectFile } from '../backup/object-file.ts';
import { listObjects } from './check-backup.ts';

export interface RestoreObjectsOptions {
  readonly target: Target;
  readonly folder: string;
  readonly objects: NonNullable<Manifest['objects']>;
  readonly stop: AbortSignal;
  readonly onProgress: (count: number) => void;
}

/** Puts the objects of a backup back; one that is there stays as it is. */
export async function restoreObjects({
  target,
  folder,
  objects,
  stop,
  onProgress,
}: RestoreObjectsOptions): Promise<void> {
  await target.objects.prepare();
  const folders = new Set<string>();
  let count = 0;
  for await (const { bucket, key } of listObjects(folder, objects)) {
    stop.throwIfAborted();
    const from = objectFile(folder, { bucket, key });
    const to = target.objectsFolder === undefined ? undefined : path.join(target.objectsFolder, bucket, key);
    if (to !== undefined && (await linkFile(from, to))) folders.add(path.dirname(to));
    else await target.objects.write({ bucket, key }, createReadStream(from));
    count += 1;
    onProgress(count);
  }
  for (const made of folders) await syncFolder(made);
}

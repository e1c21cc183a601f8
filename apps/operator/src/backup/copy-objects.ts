import path from 'node:path';
import { Readable } from 'node:stream';
import {
  type ObjectLister,
  ObjectMissing,
  type ObjectReader,
  type ObjectRef,
} from '@kilas/platform/objects/objects.ts';
import { type Bucket, buckets } from '@kilas/storage/buckets.ts';
import { batchesOf } from '../batches.ts';
import { hashFile, syncFolder, writeHashed } from './hashed-file.ts';
import type { Manifest, ObjectLine } from './manifest.ts';
import { linkFile, objectFile } from './object-file.ts';

const listPath = 'objects.jsonl';
const copiesAtOnce = 16;

export interface CopyOptions {
  readonly objects: ObjectReader<Bucket> & ObjectLister<Bucket>;
  /** Where objects are files of this machine: they never change, so that a second name for one is a copy. */
  readonly sourceFolder: string | undefined;
  /** Of the backup. */
  readonly folder: string;
  readonly stop: AbortSignal;
  readonly onProgress: (count: number, sizeBytes: number) => void;
}

/** Copies all objects, and lists them with their sums; those deleted meanwhile are passed over. */
export async function copyObjects(options: CopyOptions): Promise<NonNullable<Manifest['objects']>> {
  let count = 0;
  let totalBytes = 0;
  const folders = new Set<string>();
  const lines = async function* (): AsyncGenerator<string> {
    for await (const line of copyAll(options)) {
      folders.add(path.dirname(objectFile(options.folder, line)));
      count += 1;
      totalBytes += line.sizeBytes;
      options.onProgress(count, totalBytes);
      yield `${JSON.stringify(line)}\n`;
    }
  };
  const written = await writeHashed(path.join(options.folder, listPath), [Readable.from(lines())]);
  for (const folder of folders) await syncFolder(folder);
  const list = { path: listPath, sizeBytes: written.sizeBytes, sha256: written.sha256 };
  return { count, sizeBytes: totalBytes, list };
}

async function* copyAll(options: CopyOptions): AsyncGenerator<ObjectLine> {
  for (const bucket of buckets) {
    for await (const batch of batchesOf(options.objects.list(bucket), copiesAtOnce)) {
      options.stop.throwIfAborted();
      const copied = await Promise.all(batch.map(({ key }) => copyObject(options, { bucket, key })));
      yield* copied.filter((line) => line !== undefined);
    }
  }
}

async function copyObject(options: CopyOptions, ref: ObjectRef<Bucket>): Promise<ObjectLine | undefined> {
  const file = objectFile(options.folder, ref);
  if (options.sourceFolder !== undefined) {
    if (await linkFile(path.join(options.sourceFolder, ref.bucket, ref.key), file)) {
      const { sizeBytes, sha256 } = await hashFile(file);
      return { ...ref, sizeBytes, sha256 };
    }
  }
  try {
    const { stream } = await options.objects.open(ref);
    const { sizeBytes, sha256 } = await writeHashed(file, [stream]);
    return { ...ref, sizeBytes, sha256 };
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined;
    throw error;
  }
}

import { createReadStream, existsSync } from 'node:fs';
import { mkdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '@kilas/cli/user-error.ts';
import { lockFolder } from '@kilas/embedded/folder-lock.ts';
import { eachService, type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';
import type { Target } from '@kilas/installation/target/target.ts';
import pg from 'pg';
import { z } from 'zod';
import { formatBytes } from '../format-bytes.ts';
import { kilasVersion } from '../kilas-version.ts';
import { copyObjects } from './copy-objects.ts';
import { dumpDatabase } from './dump-database.ts';
import { syncFolder, writeHashed } from './hashed-file.ts';
import { backupFormat, type Manifest, manifestName } from './manifest.ts';

/**
 * Publishers before subscribers, and user last. An event that one database counts as told was taken by the one after it. An event that it has yet
 * to tell is taken twice at most. Everybody whom a row names has an account. See ADR 0014.
 */
const order: readonly ServiceName[] = ['transaction', 'upload', 'photo', 'ai', 'user'];

/** A database as text is larger: an embedding of 512 bytes has up to 1,600 characters. */
const growth: Readonly<Record<ServiceName, number>> = { transaction: 1.5, upload: 1.5, photo: 1.5, user: 1.5, ai: 3 };

export interface BackupOptions {
  readonly target: Target;
  /** Must not be there yet. */
  readonly to: string;
  readonly withObjects: boolean;
  /** installation.json of the embedded run. */
  readonly secretsFile?: string;
  readonly stop: AbortSignal;
  readonly onStep: (message: string) => void;
  readonly onWait: (message: string) => void;
}

/** Makes a backup that is there wholly, under its name, or not at all. */
export async function makeBackup(options: BackupOptions): Promise<Manifest> {
  const { to } = options;
  if (existsSync(to)) throw new UserError(`${to} is there already: --to takes the name of a folder that is new.`);
  await mkdir(path.dirname(to), { recursive: true });
  const lock = await lockFolder(to);
  const draft = `${to}.partial`;
  try {
    // What a backup that was killed left.
    await rm(draft, { recursive: true, force: true });
    await checkSpace(options);
    await mkdir(draft, { mode: 0o700 });
    const manifest = await writeAll(options, draft);
    await writeFile(path.join(draft, manifestName), `${JSON.stringify(manifest, null, 2)}\n`, {
      flush: true,
      mode: 0o600,
    });
    await syncFolder(draft);
    await rename(draft, to);
    await syncFolder(path.dirname(to));
    return manifest;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  } finally {
    await lock.release();
  }
}

async function writeAll(options: BackupOptions, draft: string): Promise<Manifest> {
  const { target, onStep, onWait, stop } = options;
  const startedAt = new Date().toISOString();
  const dump = async (name: ServiceName) => {
    stop.throwIfAborted();
    const manifest = await dumpDatabase({
      url: target.databaseUrls[name],
      folder: draft,
      name,
      stop,
      onProgress: (table, rows) => onWait(`${name}: ${table}, ${rows} rows`),
      onLeftOut: (what) => onStep(`${name}: ${what}`),
    });
    await syncFolder(path.join(draft, name));
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    onStep(`${name}: ${manifest.tables.length} tables, ${rows} rows`);
    return manifest;
  };
  const dumped = new Map<ServiceName, Awaited<ReturnType<typeof dump>>>();
  for (const name of order) dumped.set(name, await dump(name));
  const databaseOf = (name: ServiceName) => {
    const manifest = dumped.get(name);
    if (manifest === undefined) throw new Error(`${name} was not dumped`);
    return manifest;
  };
  // After the databases: an object is there before the row that counts on it.
  const objects = options.withObjects
    ? await copyObjects({
        objects: target.objects,
        sourceFolder: target.objectsFolder,
        folder: draft,
        stop,
        onProgress: (count, sizeBytes) => onWait(`${count} objects, ${formatBytes(sizeBytes)}`),
      })
    : null;
  if (objects !== null) onStep(`${objects.count} objects, ${formatBytes(objects.sizeBytes)}`);
  return {
    format: backupFormat,
    kilasVersion: await kilasVersion(),
    startedAt,
    finishedAt: new Date().toISOString(),
    databases: eachService(databaseOf),
    objects,
    erasureCount: await countEntries(target),
    secrets: options.secretsFile === undefined ? null : await copySecrets(options.secretsFile, draft),
  };
}

async function copySecrets(from: string, draft: string): Promise<Manifest['secrets']> {
  const name = path.basename(from);
  const { sizeBytes, sha256 } = await writeHashed(path.join(draft, name), [createReadStream(from)]);
  return { path: name, sizeBytes, sha256 };
}

export async function countEntries({ journal }: Pick<Target, 'journal'>): Promise<number> {
  let count = 0;
  for await (const _ of journal.eventIds()) count += 1;
  return count;
}

async function checkSpace(options: BackupOptions): Promise<void> {
  const { target, to } = options;
  options.onStep('measuring what there is');
  let neededBytes = 0;
  for (const name of serviceNames) neededBytes += (await databaseSize(target.databaseUrls[name])) * growth[name];
  if (options.withObjects && !(await isSameDisk(options))) neededBytes += await objectsSize(target);
  const { bavail, bsize } = await statfs(path.dirname(to));
  if (bavail * bsize >= neededBytes) return;
  throw new UserError(
    `There is not enough space for ${to}: it may take ${formatBytes(neededBytes)}, and ${formatBytes(bavail * bsize)} are free.`,
  );
}

/** Where a second name for an object is enough. */
async function isSameDisk({ target: { objectsFolder }, to }: BackupOptions): Promise<boolean> {
  if (objectsFolder === undefined) return false;
  return (await stat(objectsFolder)).dev === (await stat(path.dirname(to))).dev;
}

async function databaseSize(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query('select pg_database_size(current_database())::float8 as size');
    return z.object({ size: z.number() }).parse(rows[0]).size;
  } finally {
    await client.end();
  }
}

async function objectsSize({ objects }: Target): Promise<number> {
  let total = 0;
  for (const bucket of ['originals', 'previews', 'selfies'] as const) {
    for await (const { sizeBytes } of objects.list(bucket)) total += sizeBytes;
  }
  return total;
}

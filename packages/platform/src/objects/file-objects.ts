import { createHmac, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rm, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { isErrno } from '../problems/is-errno.ts';
import { secretsEqual } from '../process/ids.ts';
import type { PartState } from '../process/readiness.ts';
import {
  type Buckets,
  type ByteRange,
  keyPattern,
  type LinkOptions,
  type ListedObject,
  type ObjectLister,
  ObjectMissing,
  type ObjectRef,
  type ObjectStore,
  storageAway,
} from './objects.ts';

/** Where objects lie while they are written. */
const incoming = 'incoming';
const abandonedAfterMs = 3_600_000;

/** A key of 160 random bits. */
export function newObjectKey(): string {
  const hex = randomBytes(20).toString('hex');
  return `${hex.slice(0, 2)}/${hex}`;
}

/** What a link names. */
export interface LinkedObject<Bucket extends string> extends ObjectRef<Bucket> {
  readonly contentType: string;
  /** So long a browser may keep the bytes; 0: not at all. */
  readonly keptSeconds: number;
  readonly downloadName?: string;
}

/** Objects as files of a folder; links are signed with a key of the installation and served by one of the services. */
export class FileObjects<Bucket extends string = string> implements ObjectStore<Bucket>, ObjectLister<Bucket> {
  readonly #buckets: Buckets<Bucket>;
  readonly #folder: string;
  readonly #signingKey: string;
  readonly #previousSigningKey: string | undefined;
  readonly #publicUrl: string;

  /** `publicUrl` is the address that clients reach the API at, without a slash at its end. */
  constructor(options: {
    buckets: Buckets<Bucket>;
    folder: string;
    signingKey: string;
    previousSigningKey?: string | undefined;
    publicUrl: string;
  }) {
    this.#buckets = options.buckets;
    this.#folder = options.folder;
    this.#signingKey = options.signingKey;
    this.#previousSigningKey = options.previousSigningKey;
    this.#publicUrl = options.publicUrl;
  }

  async prepare(): Promise<void> {
    for (const name of [...this.#buckets, incoming]) {
      await mkdir(path.join(this.#folder, name), { recursive: true, mode: 0o700 });
    }
    await this.sweep();
  }

  /** By age, since other processes may be writing now. */
  async sweep(): Promise<void> {
    for (const name of await readdir(path.join(this.#folder, incoming))) {
      const file = path.join(this.#folder, incoming, name);
      const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
      if (mtimeMs < Date.now() - abandonedAfterMs) await rm(file, { force: true });
    }
  }

  async read(ref: ObjectRef<Bucket>): Promise<Buffer> {
    return readFile(this.#pathOf(ref)).catch((error) => this.#rethrowMissing(ref, error));
  }

  async open(ref: ObjectRef<Bucket>, range?: ByteRange): Promise<{ stream: Readable; sizeBytes: number }> {
    const file = await open(this.#pathOf(ref)).catch((error) => this.#rethrowMissing(ref, error));
    const { size } = await file.stat();
    return { stream: file.createReadStream(range), sizeBytes: size };
  }

  async sizeOf(ref: ObjectRef<Bucket>): Promise<number> {
    return (await stat(this.#pathOf(ref)).catch((error) => this.#rethrowMissing(ref, error))).size;
  }

  async exists(ref: ObjectRef<Bucket>): Promise<boolean> {
    return this.sizeOf(ref).then(
      () => true,
      (error) => {
        if (error instanceof ObjectMissing) return false;
        throw error;
      },
    );
  }

  async state(): Promise<PartState> {
    return stat(path.join(this.#folder, incoming)).then(
      () => 'ready',
      () => 'degraded',
    );
  }

  async write(ref: ObjectRef<Bucket>, body: Readable | Buffer): Promise<boolean> {
    const target = this.#pathOf(ref);
    const draft = path.join(this.#folder, incoming, randomBytes(12).toString('hex'));
    const file = await open(draft, 'wx', 0o600).catch((error) => {
      throw isErrno(error, 'ENOENT') ? storageAway(error) : error;
    });
    try {
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
      await file.writeFile(body);
      await file.sync();
      // A hard link fails when the name is taken, where a rename would overwrite.
      await link(draft, target);
      await syncFolder(path.dirname(target));
      return true;
    } catch (error) {
      if (isErrno(error, 'EEXIST')) return false;
      throw error;
    } finally {
      await file.close();
      await unlink(draft);
    }
  }

  async writeFile(ref: ObjectRef<Bucket>, file: string): Promise<boolean> {
    const target = this.#pathOf(ref);
    // Where the disk is not mounted, none of its folders is to be made.
    await stat(path.join(this.#folder, incoming)).catch((error) => {
      throw isErrno(error, 'ENOENT') ? storageAway(error) : error;
    });
    const handle = await open(file);
    try {
      await handle.sync();
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
      await link(file, target);
      await syncFolder(path.dirname(target));
      return true;
    } catch (error) {
      if (isErrno(error, 'EEXIST')) return false;
      // On another disk, or on one that knows no such names.
      if (isErrno(error, 'EXDEV') || isErrno(error, 'EPERM')) return await this.write(ref, createReadStream(file));
      throw error;
    } finally {
      await handle.close();
    }
  }

  async delete(ref: ObjectRef<Bucket>): Promise<void> {
    await unlink(this.#pathOf(ref))
      .catch((error) => this.#rethrowMissing(ref, error))
      .catch((error) => {
        if (!(error instanceof ObjectMissing)) throw error;
      });
  }

  async *list(bucket: Bucket): AsyncIterable<ListedObject> {
    const root = path.join(this.#folder, bucket);
    for (const prefix of await namesIn(root)) {
      for (const name of await namesIn(path.join(root, prefix))) {
        const key = `${prefix}/${name}`;
        if (!keyPattern.test(key)) continue;
        const found = await stat(this.#pathOf({ bucket, key })).catch(ignoreMissing);
        if (found !== undefined) yield { key, sizeBytes: found.size, modifiedAt: found.mtime };
      }
    }
  }

  async sign(ref: ObjectRef<Bucket>, options: LinkOptions): Promise<string> {
    const expires = String(Math.floor(options.expiresAt.getTime() / 1000));
    const query = new URLSearchParams({ expires, type: options.contentType });
    if (options.sharedSince !== undefined) query.set('kept', 'true');
    if (options.downloadName !== undefined) query.set('name', options.downloadName);
    query.set('signature', signatureOf(this.#signingKey, ref, query));
    return `${this.#publicUrl}/v1/objects/${ref.bucket}/${ref.key}?${query}`;
  }

  /** What a link names if its signature is right and it has not expired; undefined for any other link. */
  verify(bucket: string, key: string, query: URLSearchParams, now: Date): LinkedObject<Bucket> | undefined {
    const known = this.#buckets.find((candidate) => candidate === bucket);
    const signature = query.get('signature') ?? '';
    const signed = new URLSearchParams(query);
    signed.delete('signature');
    if (known === undefined || !keyPattern.test(key)) return undefined;
    const keys = [this.#signingKey, this.#previousSigningKey].filter((signingKey) => signingKey !== undefined);
    const isOurs = (signingKey: string) =>
      secretsEqual(signature, signatureOf(signingKey, { bucket: known, key }, signed));
    if (!keys.some(isOurs)) return undefined;
    const leftMs = Number(query.get('expires')) * 1000 - now.getTime();
    if (leftMs <= 0) return undefined;
    const name = query.get('name');
    return {
      bucket: known,
      key,
      contentType: query.get('type') ?? 'application/octet-stream',
      keptSeconds: query.has('kept') ? Math.floor(leftMs / 1000) : 0,
      ...(name === null ? {} : { downloadName: name }),
    };
  }

  /** Where the bucket's folder is not there either, the disk is not mounted, and nothing is known of any object. */
  async #rethrowMissing({ bucket }: ObjectRef, error: unknown): Promise<never> {
    if (!isErrno(error, 'ENOENT')) throw error;
    await stat(path.join(this.#folder, bucket)).catch(() => {
      throw storageAway(error);
    });
    throw new ObjectMissing();
  }

  #pathOf({ bucket, key }: ObjectRef): string {
    if (!keyPattern.test(key)) throw new Error('not an object key');
    return path.join(this.#folder, bucket, key);
  }
}

function signatureOf(signingKey: string, { bucket, key }: ObjectRef, query: URLSearchParams): string {
  return createHmac('sha256', signingKey).update(`${bucket}\n${key}\n${query}`).digest('base64url');
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** In order; none for a folder that is not there. */
async function namesIn(folder: string): Promise<string[]> {
  return ((await readdir(folder).catch(ignoreMissing)) ?? []).sort();
}

function ignoreMissing(error: unknown): undefined {
  if (!isErrno(error, 'ENOENT')) throw error;
}

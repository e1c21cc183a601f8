import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import type { HeldRoom } from './room.ts';

/** No request and no job works as long as this on one file. */
const abandonedAfterMs = 3_600_000;
const sweepEveryMs = 60_000;
/** So much of a file may wait in memory at each step to the disk: with less, every packet waits for the one before. */
export const inMemoryBytes = 256 * 1024;

export interface SpooledFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Hex. */
  readonly sha256: string;
  readonly crc32: number;
}

/** Folders of their own for files on their way; each is removed with everything in it when its work ends. */
export class Spool {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get folder(): string {
    return this.#folder;
  }

  /** What lies in it now. */
  async sizeBytes(): Promise<number> {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    // A file may be gone by now.
    const stats = await Promise.all(
      files.map((file) => stat(path.join(file.parentPath, file.name)).catch(() => undefined)),
    );
    return stats.reduce((sum, file) => sum + (file?.size ?? 0), 0);
  }

  async prepare(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await this.sweep();
  }

  /** Runs with an empty folder, which is gone afterwards however the run ends. */
  async withFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(path.join(this.#folder, 'work-'));
    try {
      return await run(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /**
   * Sweeps every minute until the returned function is called. A timer and no job, of which the queue gives each to one
   * replica alone: this folder may lie where no other replica comes.
   */
  keepSwept(onError: (error: unknown) => void): () => void {
    const timer = setInterval(() => this.sweep().catch(onError), sweepEveryMs);
    timer.unref();
    return () => clearInterval(timer);
  }

  /** Removes what killed processes left behind; other processes may be at work in this folder now. */
  async sweep(): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const entry = path.join(this.#folder, name);
      const { mtimeMs } = await stat(entry).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
      if (mtimeMs < Date.now() - abandonedAfterMs) await rm(entry, { recursive: true, force: true });
    }
  }
}

/** Writes a stream to a new file without holding it in memory; size, SHA-256 and CRC-32 are counted on the way. Refuses as `room` does. */
export async function spoolStream(
  folder: string,
  stream: Readable,
  room?: HeldRoom,
  name = 'received',
): Promise<SpooledFile> {
  const file = path.join(folder, name);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  let checksum = 0;
  const count = new Transform({
    highWaterMark: inMemoryBytes,
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      hash.update(chunk);
      checksum = crc32(chunk, checksum);
      if (room === undefined) done(null, chunk);
      else room.took(chunk.length).then(() => done(null, chunk), done);
    },
  });
  await pipeline(stream, count, createWriteStream(file, { flags: 'wx', mode: 0o600, highWaterMark: inMemoryBytes }));
  return { path: file, sizeBytes, sha256: hash.digest('hex'), crc32: checksum };
}

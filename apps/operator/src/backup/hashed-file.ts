import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const newline = 0x0a;

export interface HashedFile {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly lineCount: number;
}

/** Writes a new file from streams, one after another; what it answers is on the disk. */
export async function writeHashed(
  file: string,
  sources: AsyncIterable<Readable> | Iterable<Readable>,
): Promise<HashedFile> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'wx', 0o600);
  const meter = new Meter();
  try {
    for await (const source of sources) {
      for await (const chunk of source) {
        const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
        meter.add(bytes);
        await handle.writeFile(bytes);
      }
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return meter.result();
}

export async function hashFile(file: string): Promise<HashedFile> {
  const meter = new Meter();
  await pipeline(createReadStream(file), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) meter.add(chunk);
  });
  return meter.result();
}

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

class Meter {
  readonly #hash = createHash('sha256');
  #sizeBytes = 0;
  #lineCount = 0;

  add(chunk: Buffer): void {
    this.#hash.update(chunk);
    this.#sizeBytes += chunk.length;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) this.#lineCount += 1;
  }

  result(): HashedFile {
    return { sizeBytes: this.#sizeBytes, sha256: this.#hash.digest('hex'), lineCount: this.#lineCount };
  }
}

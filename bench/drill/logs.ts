import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';

/** What the processes write, a file each. */
export class Logs {
  readonly #folder: string;
  readonly #files = new Map<string, WriteStream>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<Logs> {
    await mkdir(folder, { recursive: true });
    return new Logs(folder);
  }

  write(source: string, line: string): void {
    const file = this.#files.get(source) ?? createWriteStream(path.join(this.#folder, `${source}.log`), { flags: 'a' });
    this.#files.set(source, file);
    file.write(`${line}\n`);
  }

  close(): void {
    for (const file of this.#files.values()) file.end();
  }
}

import { type FileHandle, open } from 'node:fs/promises';
import { PictureError } from './picture-error.ts';

/** A file by its path, which is read piece by piece, or the bytes of one. */
export type PictureSource = string | Buffer;

const windowBytes = 64 * 1024;

/** A file read at any place through a window that moves, so that small reads near each other cost nothing. */
export class FileWindow {
  readonly sizeBytes: number;
  readonly #handle: FileHandle | undefined;
  #start = 0;
  #bytes: Buffer;

  private constructor(handle: FileHandle | undefined, sizeBytes: number, bytes: Buffer) {
    this.#handle = handle;
    this.sizeBytes = sizeBytes;
    this.#bytes = bytes;
  }

  /** Gives a window on the source to `read` and closes it afterwards. */
  static async on<T>(source: PictureSource, read: (file: FileWindow) => Promise<T>): Promise<T> {
    if (typeof source !== 'string') return read(new FileWindow(undefined, source.length, source));
    const handle = await open(source, 'r');
    try {
      const { size } = await handle.stat();
      return await read(new FileWindow(handle, size, Buffer.alloc(0)));
    } finally {
      await handle.close();
    }
  }

  /** Exactly `length` bytes; throws `truncated` when the file ends before. */
  async bytes(offset: number, length: number): Promise<Buffer> {
    if (offset + length > this.sizeBytes) throw new PictureError('truncated');
    return (await this.atLeast(offset, length)).subarray(0, length);
  }

  /** The bytes from `offset` on, as many as are at hand, but no fewer than `length` unless the file ends there. */
  async atLeast(offset: number, length: number): Promise<Buffer> {
    const isCovered = offset >= this.#start && offset + length <= this.#start + this.#bytes.length;
    if (!isCovered && this.#handle !== undefined) {
      const buffer = Buffer.allocUnsafe(Math.max(length, windowBytes));
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, offset);
      this.#start = offset;
      this.#bytes = buffer.subarray(0, bytesRead);
    }
    return this.#bytes.subarray(offset - this.#start);
  }
}

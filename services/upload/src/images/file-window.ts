import { type FileHandle, open } from 'node:fs/promises';
import { refuse } from '@kilas/messages/refuse.ts';

const windowBytes = 64 * 1024;

/** A file read at any place through a window that moves, so that small reads near each other cost nothing. */
export class FileWindow {
  readonly sizeBytes: number;
  readonly #handle: FileHandle;
  #start = 0;
  #bytes: Buffer = Buffer.alloc(0);

  private constructor(handle: FileHandle, sizeBytes: number) {
    this.#handle = handle;
    this.sizeBytes = sizeBytes;
  }

  static async open(path: string): Promise<FileWindow> {
    const handle = await open(path, 'r');
    const { size } = await handle.stat();
    return new FileWindow(handle, size);
  }

  /** Exactly `length` bytes; refuses with IMAGE_TRUNCATED when the file ends before. */
  async bytes(offset: number, length: number): Promise<Buffer> {
    if (offset + length > this.sizeBytes) refuse('IMAGE_TRUNCATED');
    return (await this.atLeast(offset, length)).subarray(0, length);
  }

  /** The bytes from `offset` on, as many as are at hand, but no fewer than `length` unless the file ends there. */
  async atLeast(offset: number, length: number): Promise<Buffer> {
    const isCovered = offset >= this.#start && offset + length <= this.#start + this.#bytes.length;
    if (!isCovered) {
      const buffer = Buffer.allocUnsafe(Math.max(length, windowBytes));
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, offset);
      this.#start = offset;
      this.#bytes = buffer.subarray(0, bytesRead);
    }
    return this.#bytes.subarray(offset - this.#start);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

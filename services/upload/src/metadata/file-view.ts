import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const pageBytes = 16 * 1024;
const pagesKept = 64;
/** No camera's or editor's note is longer; one that claims to be is read up to here. */
const sliceMaxBytes = 4 * 1024 * 1024;

/** The part of a DataView that the metadata library reads through. */
export type BytesView = Pick<
  DataView,
  'byteLength' | 'byteOffset' | 'getUint8' | 'getUint16' | 'getUint32' | 'getInt32'
> & {
  readonly buffer: { readonly byteLength: number; slice(start: number, end?: number): ArrayBuffer };
};

/**
 * A file as a DataView that reads only what is looked at, so that metadata may lie anywhere in a file of a hundred megabytes and no
 * pixel is read for it. Synchronous, for a worker thread.
 */
export class FileView implements BytesView {
  readonly byteOffset = 0;
  readonly byteLength: number;
  readonly buffer: BytesView['buffer'];
  readonly #handle: number;
  readonly #pages = new Map<number, Buffer>();
  /** Where the first directory of a TIFF is said to be, instead of where the file says. */
  #patch: { readonly at: number; readonly bytes: Buffer } | undefined;

  constructor(file: string) {
    this.#handle = openSync(file, 'r');
    this.byteLength = fstatSync(this.#handle).size;
    this.buffer = { byteLength: this.byteLength, slice: (start, end) => this.#slice(start, end ?? this.byteLength) };
  }

  close(): void {
    closeSync(this.#handle);
  }

  /** Shows these bytes in place of those of the file. */
  patch(at: number, bytes: Buffer): void {
    this.#patch = { at, bytes };
  }

  getUint8(offset: number): number {
    const { at, bytes } = this.#patch ?? { at: 0, bytes: Buffer.alloc(0) };
    const patched = bytes[offset - at];
    if (patched !== undefined) return patched;
    const page = Math.floor(offset / pageBytes);
    const byte = (this.#pages.get(page) ?? this.#readPage(page))[offset - page * pageBytes];
    if (byte === undefined) throw new RangeError('past the end of the file');
    return byte;
  }

  getUint16(offset: number, isLittle = false): number {
    const [first, second] = [this.getUint8(offset), this.getUint8(offset + 1)];
    return isLittle ? second * 0x100 + first : first * 0x100 + second;
  }

  getUint32(offset: number, isLittle = false): number {
    const [first, second] = [this.getUint16(offset, isLittle), this.getUint16(offset + 2, isLittle)];
    return isLittle ? second * 0x10000 + first : first * 0x10000 + second;
  }

  getInt32(offset: number, isLittle = false): number {
    return this.getUint32(offset, isLittle) | 0;
  }

  #readPage(page: number): Buffer {
    if (page < 0 || page * pageBytes >= this.byteLength) throw new RangeError('past the end of the file');
    if (this.#pages.size >= pagesKept) this.#pages.clear();
    const bytes = this.#read(page * pageBytes, pageBytes);
    this.#pages.set(page, bytes);
    return bytes;
  }

  #slice(start: number, end: number): ArrayBuffer {
    const lengthBytes = Math.min(Math.max(0, Math.min(end, this.byteLength) - start), sliceMaxBytes);
    const copy = new ArrayBuffer(lengthBytes);
    this.#read(start, lengthBytes).copy(new Uint8Array(copy));
    return copy;
  }

  #read(at: number, lengthBytes: number): Buffer {
    const buffer = Buffer.alloc(lengthBytes);
    return buffer.subarray(0, readSync(this.#handle, buffer, 0, lengthBytes, at));
  }
}

import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';

/** The bytes of a ZIP, from the first to the last given, both included. */
export type ReadRange = (start: number, end: number) => AsyncIterable<Buffer>;

export interface OpenZip {
  readonly zip: ZipFile;
  readonly entries: readonly Entry[];
  /** The content; throws where the two headers of the file or its checksum do not agree. */
  read(entry: Entry): Promise<Buffer>;
}

/** Reads a ZIP by ranges alone, as its own directory says where things are. */
export async function openZip(sizeBytes: number, readRange: ReadRange): Promise<OpenZip> {
  class Ranges extends yauzl.RandomAccessReader {
    /** yauzl's end is the first byte that is not wanted. */
    override _readStreamForRange(start: number, end: number): Readable {
      return Readable.from(readRange(start, end - 1), { objectMode: false });
    }
  }
  const zip = await yauzl.fromRandomAccessReaderPromise(new Ranges(), sizeBytes, {
    lazyEntries: true,
    autoClose: false,
    strictFileNames: true,
  });
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) entries.push(entry);
  const read = async (entry: Entry) => {
    const local = await zip.readLocalFileHeaderPromise(entry);
    const content = await buffer(await zip.openReadStreamPromise(entry));
    const isSame = local.crc32 === entry.crc32 && local.fileName.toString() === entry.fileName;
    if (!isSame || crc32(content) !== entry.crc32) throw new Error(`${entry.fileName} is not what its headers say`);
    return content;
  };
  return { zip, entries, read };
}

/** All files of a ZIP by their names. */
export async function readZip(bytes: Buffer): Promise<Map<string, Buffer>> {
  const { entries, read } = await openZip(bytes.length, async function* (start, end) {
    yield bytes.subarray(start, end + 1);
  });
  const files = new Map<string, Buffer>();
  for (const entry of entries) files.set(entry.fileName, await read(entry));
  return files;
}

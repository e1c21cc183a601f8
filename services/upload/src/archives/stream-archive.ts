import { Readable } from 'node:stream';
import { type ByteRange, ObjectMissing, type ObjectReader } from '@kilas/platform/objects/objects.ts';
import type { Bucket } from '@kilas/storage/buckets.ts';
import type { Archive, ArchiveEntry } from './archive.ts';
import type { ZipPiece } from './lay-out-zip.ts';

/**
 * The bytes of an archive in a range, read piece by piece as they are taken. The stream breaks when an original cannot be read, or is not as
 * long as it was: it never ends early, and nothing stands in for what is missing.
 */
export function streamArchive(objects: ObjectReader<Bucket>, { pieces }: Archive, range: ByteRange): Readable {
  return Readable.from(readPieces(objects, pieces, range), { objectMode: false });
}

async function* readPieces(
  objects: ObjectReader<Bucket>,
  pieces: readonly ZipPiece<ArchiveEntry>[],
  range: ByteRange,
): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    const start = Math.max(0, range.start - piece.start);
    const end = Math.min(piece.sizeBytes - 1, range.end - piece.start);
    if (start > end) continue;
    if ('bytes' in piece) yield piece.bytes.subarray(start, end + 1);
    else yield* readOriginal(objects, piece.entry, { start, end });
  }
}

async function* readOriginal(
  objects: ObjectReader<Bucket>,
  entry: ArchiveEntry,
  range: ByteRange,
): AsyncGenerator<Buffer> {
  const { stream, sizeBytes } = await objects.open({ bucket: 'originals', key: entry.key }, range);
  let left = range.end - range.start + 1;
  try {
    if (sizeBytes !== entry.sizeBytes) throw new ObjectMissing();
    for await (const chunk of stream) {
      left -= chunk.length;
      yield chunk;
    }
    if (left !== 0) throw new ObjectMissing();
  } finally {
    stream.destroy();
  }
}

import { hashOf } from '@kilas/platform/process/ids.ts';
import { z } from 'zod';
import { layOutZip, type ZipPiece } from './lay-out-zip.ts';

/** Photos in one archive at most. */
export const archivePhotosMax = 2000;

/** A file of an archive as the table keeps it. */
export const archiveEntry = z.object({
  key: z.string(),
  name: z.string(),
  sizeBytes: z.int(),
  crc32: z.int(),
  modifiedAt: z.coerce.date(),
});

export type ArchiveEntry = z.output<typeof archiveEntry>;

export interface Archive {
  readonly fileName: string;
  readonly pieces: readonly ZipPiece<ArchiveEntry>[];
  readonly sizeBytes: number;
  /** The same for archives of the same bytes, whichever link gives them. */
  readonly etag: string;
}

export function layOutArchive(fileName: string, entries: readonly ArchiveEntry[]): Archive {
  return { fileName, ...layOutZip(entries), etag: `"${hashOf(JSON.stringify(entries))}"` };
}

import { refuse } from '@kilas/messages/refuse.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import { hashOf, newSecret } from '@kilas/platform/process/ids.ts';
import type { UploadContext } from '../context.ts';
import { type ArchiveEntry, layOutArchive } from './archive.ts';
import { insertArchive, listOriginals } from './archive-store.ts';
import { countChecksums } from './count-checksums.ts';
import { nameEntries } from './name-entries.ts';

const linkSeconds = 300;

/** Makes a link of minutes to a ZIP of originals, for a caller who has checked who may have them. Nothing is read of their bytes, unless a checksum is missing. */
export async function createArchive(
  ctx: UploadContext,
  input: { fileName: string; originals: readonly { photoId: string; fileName: string; capturedAt: Date }[] },
): Promise<{ url: string; expiresAt: Date; sizeBytes: number }> {
  const { fileName, originals } = input;
  const known = await listOriginals(
    ctx.db,
    originals.map(({ photoId }) => photoId),
  );
  const stored = new Map(known.map((original) => [original.photoId, original]));
  if (stored.size < originals.length) refuse('ARCHIVE_INCOMPLETE');
  const checksums = await countChecksums(ctx, known);
  const names = nameEntries(originals.map((original) => original.fileName));
  const entries = originals.map(({ photoId, capturedAt }, i): ArchiveEntry => {
    const { key, sizeBytes } = stored.get(photoId) ?? refuse('ARCHIVE_INCOMPLETE');
    const name = names[i] ?? photoId;
    return { key, name, sizeBytes: Number(sizeBytes), crc32: checksums.get(photoId) ?? 0, modifiedAt: capturedAt };
  });
  const token = newSecret();
  const expiresAt = addSeconds(ctx.clock.now(), linkSeconds);
  await insertArchive(ctx.db, { tokenHash: hashOf(token), fileName, entries, expiresAt });
  const { sizeBytes } = layOutArchive(fileName, entries);
  return { url: `${ctx.config.PUBLIC_URL}/v1/archives/${token}`, expiresAt, sizeBytes };
}

import { crc32 } from 'node:zlib';
import { refuse } from '@kilas/messages/refuse.ts';
import { ObjectMissing } from '@kilas/platform/objects/objects.ts';
import type { UploadContext } from '../context.ts';
import { updateCrc32 } from '../uploads/upload-store.ts';
import type { Original } from './archive-store.ts';

/** Longer nobody has to wait in one request. */
const usualBudgetMs = 15_000;
const atOnce = 4;
const retryAfterSeconds = '2';

/**
 * The CRC-32 of each original. Those that a release before did not count are counted now, and kept. Refuses with ARCHIVE_NOT_READY when that
 * takes longer than a request may: each attempt counts some, and the next one goes on.
 */
export async function countChecksums(
  ctx: Pick<UploadContext, 'db' | 'objects'>,
  originals: readonly Original[],
  budgetMs = usualBudgetMs,
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const missing: Original[] = [];
  for (const original of originals) {
    if (original.crc32 === null) missing.push(original);
    else found.set(original.photoId, Number(original.crc32));
  }
  const startedAt = performance.now();
  const countOneAfterTheOther = async () => {
    for (let next = missing.pop(); next !== undefined; next = missing.pop()) {
      const checksum = await countChecksum(ctx, next);
      await updateCrc32(ctx.db, { photoId: next.photoId, crc32: checksum });
      found.set(next.photoId, checksum);
      if (performance.now() - startedAt > budgetMs) return;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, countOneAfterTheOther));
  return missing.length === 0 ? found : refuse('ARCHIVE_NOT_READY', { retryAfterSeconds });
}

async function countChecksum({ objects }: Pick<UploadContext, 'objects'>, { key }: Original): Promise<number> {
  try {
    const { stream } = await objects.open({ bucket: 'originals', key });
    let checksum = 0;
    for await (const chunk of stream) checksum = crc32(chunk, checksum);
    return checksum;
  } catch (error) {
    if (error instanceof ObjectMissing) refuse('ARCHIVE_INCOMPLETE');
    throw error;
  }
}

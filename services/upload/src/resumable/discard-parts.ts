import type { UploadContext } from '../context.ts';
import { listPartKeys } from './part-store.ts';

/**
 * Deletes the parts of an upload that has ended. Their rows stay for the sweeper, which does it once more: one who lost the upload may be
 * writing still, and the storage may be away now.
 */
export async function discardParts(ctx: Pick<UploadContext, 'db' | 'objects'>, uploadId: string): Promise<void> {
  const keys = await listPartKeys(ctx.db, uploadId);
  await Promise.allSettled(keys.map((key) => ctx.objects.delete({ bucket: 'originals', key })));
}

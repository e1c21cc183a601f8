import { together } from '@kilas/platform/db/transact.ts';
import { type JobKind, patient } from '@kilas/platform/jobs/job-kinds.ts';
import type { ObjectRef } from '@kilas/platform/objects/objects.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import { deleteQuarantined } from '@kilas/platform/risky-work/risky-work-store.ts';
import { type Bucket, buckets } from '@kilas/storage/buckets.ts';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { UploadContext } from '../context.ts';
import type { UploadSchema } from '../db/schema.ts';
import type { Upload } from './upload.ts';
import { deleteUploads } from './upload-store.ts';

const deleted = z.object({ objects: z.array(z.object({ bucket: z.enum(buckets), key: z.string() })) });

/** Nothing that knew the photo is still at work by then: no job of it, no request, and no look of ai's. */
const lateAfterSeconds = 3600;

const photosPerJob = 20;

/** Sent twice: at once, and for what was being made meanwhile. */
export const deletePhotoObjectsJob: JobKind<z.output<typeof deleted>> = {
  name: 'delete-photo-objects',
  data: deleted,
  ...patient,
  retryDelaySeconds: 5,
  retryDelayMaxSeconds: 300,
  timeoutSeconds: 60,
};

/**
 * Deletes photos with all their objects, in whatever state they are. Work under way finds no row and ends; what it still writes is deleted later.
 * The same bytes are a new photo afterwards. Answers how many there were.
 */
export async function deletePhotos(
  { jobs, clock }: Pick<UploadContext, 'jobs' | 'clock'>,
  tx: Transaction<UploadSchema>,
  photoIds: readonly string[],
): Promise<number> {
  const uploads = await deleteUploads(tx, photoIds);
  const startAfter = addSeconds(clock.now(), lateAfterSeconds);
  for (let first = 0; first < uploads.length; first += photosPerJob) {
    const data = { objects: uploads.slice(first, first + photosPerJob).flatMap(objectsOf) };
    await jobs.send(tx, deletePhotoObjectsJob, data);
    await jobs.send(tx, deletePhotoObjectsJob, data, { startAfter });
  }
  await together(...uploads.map(({ photo_id }) => deleteQuarantined(tx, `photo/${photo_id}`)));
  return uploads.length;
}

/** The objects are gone afterwards, also when they were before. */
export async function deletePhotoObjects(
  ctx: Pick<UploadContext, 'objects'>,
  { objects }: z.output<typeof deleted>,
): Promise<void> {
  for (const ref of objects) await ctx.objects.delete(ref);
}

/** All that a row names, also what may not be there. */
function objectsOf(upload: Upload): ObjectRef<Bucket>[] {
  return Object.entries(upload).flatMap(([column, key]) => {
    if (!column.endsWith('_key') || typeof key !== 'string') return [];
    const isOriginal = column === 'original_key' || column === 'compressed_key';
    return [{ bucket: isOriginal ? ('originals' as const) : ('previews' as const), key }];
  });
}

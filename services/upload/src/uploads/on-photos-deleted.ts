import { PhotosDeletedSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { type Subscription, subscribe } from '@kilas/platform/events/events.ts';
import type { UploadContext } from '../context.ts';
import type { UploadSchema } from '../db/schema.ts';
import { deletePhotos } from './delete-photos.ts';

export function onPhotosDeleted(ctx: Pick<UploadContext, 'jobs' | 'clock'>): Subscription<UploadSchema> {
  return subscribe('photo', PhotosDeletedSchema, async (tx, { photoIds }) => {
    return { photos: await deletePhotos(ctx, tx, photoIds) };
  });
}

import { PhotosMovedSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { subscribe } from '@kilas/platform/events/events.ts';
import type { AiSchema } from '../db/schema.ts';
import { updateEventOfPhotos } from './photo-event-store.ts';

/**
 * From here on the faces of the photos end with the retention of the event in which they are, or of their upload without one; also those that
 * are still to be found. What was erased already does not come back.
 */
export const onPhotosMoved = subscribe<AiSchema, typeof PhotosMovedSchema>(
  'photo',
  PhotosMovedSchema,
  async (tx, { photoIds, eventId }) => {
    await updateEventOfPhotos(tx, photoIds, eventId ?? null);
    return {};
  },
);

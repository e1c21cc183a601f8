import { PhotosMovedSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { subscribe } from '@kilas/platform/events/events.ts';
import type { UploadSchema } from '../db/schema.ts';
import { updateEvent } from './upload-store.ts';

/** Keeps with each upload the event in which its photo is, for ai and for who rebuilds the catalogue. */
export const onPhotosMoved = subscribe<UploadSchema, typeof PhotosMovedSchema>(
  'photo',
  PhotosMovedSchema,
  async (tx, { photoIds, eventId }) => {
    await updateEvent(tx, photoIds, eventId ?? null);
    return {};
  },
);

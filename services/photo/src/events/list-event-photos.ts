import { refuse } from '@kilas/messages/refuse.ts';
import type { PhotoContext } from '../context.ts';
import type { Viewer } from '../photos/photo-access.ts';
import { type CapturePosition, listPhotosByEvent } from '../photos/photo-store.ts';
import { findEventFor } from './event-store.ts';

/** The photos of an event that a viewer may see; an event they may not look at is not found. */
export async function listEventPhotos(
  ctx: PhotoContext,
  eventId: string,
  viewer: Viewer,
  page: { before: CapturePosition | undefined; limit: number },
) {
  if ((await findEventFor(ctx.db, eventId, viewer)) === undefined) refuse('EVENT_NOT_FOUND');
  return listPhotosByEvent(ctx.db, eventId, viewer, page);
}

import { refuse } from '@kilas/messages/refuse.ts';
import type { PhotoContext } from '../context.ts';
import type { CapturePosition } from '../viewers/photo-details-store.ts';
import type { Viewer } from '../viewers/viewer.ts';
import { listPhotosByEvent } from './event-photos-store.ts';
import { findBrowsableEvent } from './event-store.ts';

/** The photos of an event that a viewer may see; an event they may not look at is not found. */
export async function listEventPhotos(
  ctx: PhotoContext,
  eventId: string,
  viewer: Viewer,
  page: { before: CapturePosition | undefined; limit: number },
) {
  const event = (await findBrowsableEvent(ctx.db, eventId, viewer)) ?? refuse('EVENT_NOT_FOUND');
  return listPhotosByEvent(ctx.db, event, viewer, page);
}

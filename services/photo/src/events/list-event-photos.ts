import { refuse } from '@kilas/messages/refuse.ts';
import type { PhotoContext } from '../context.ts';
import { type CapturePosition, listPhotosByEvent } from '../photos/photo-store.ts';
import { findEventFor, type Visitor } from './event-store.ts';

/** The photos of an event that a visitor may see; an event they may not look at is not found. */
export async function listEventPhotos(
  ctx: PhotoContext,
  eventId: string,
  visitor: Visitor,
  page: { before: CapturePosition | undefined; limit: number },
) {
  if ((await findEventFor(ctx.db, eventId, visitor)) === undefined) refuse('EVENT_NOT_FOUND');
  return listPhotosByEvent(ctx.db, eventId, visitor, page);
}

import { PhotosMovedSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { Transaction } from 'kysely';
import type { PhotoContext } from '../context.ts';
import type { PhotoSchema } from '../db/schema.ts';
import { holdEventOfCreator } from '../events/event-store.ts';
import { addFacesByGallery } from './gallery-store.ts';
import { lockOwnPhotos, updateEvent } from './own-photos-store.ts';
import { latestCapture } from './publish-photo.ts';

export interface Move {
  readonly creatorId: string;
  readonly photoIds: readonly string[];
  /** Null: into no event. */
  readonly eventId: string | null;
}

/** `not_found`: none of the creator's, or removed by the operator. */
export type MoveOutcome = 'moved' | 'unchanged' | 'not_found';

/**
 * Puts a creator's photos into an event in which they take part, or into none, and says for each what became of it. A photo that is gone does not
 * keep the others from being moved. All moves are one transaction. Refuses with EVENT_NOT_FOUND, TOO_MANY_REQUESTS.
 */
export async function movePhotos(ctx: PhotoContext, move: Move): Promise<ReadonlyMap<string, MoveOutcome>> {
  await takeAttempt(ctx.limits.movesByCreator, move.creatorId);
  return transact(ctx.db, (tx) => moveOwnPhotos(ctx, tx, move));
}

/**
 * A move also changes the photo's capture time, if its clock is read in the zone of the event; the face counts of both galleries; and, by an event
 * to ai, how long its faces are kept. The new event decides who may see it. Lists, licences and the answers of members stay.
 */
export async function moveOwnPhotos(
  ctx: PhotoContext,
  tx: Transaction<PhotoSchema>,
  { creatorId, photoIds, eventId }: Move,
): Promise<ReadonlyMap<string, MoveOutcome>> {
  if (eventId !== null && !(await holdEventOfCreator(tx, eventId, creatorId))) refuse('EVENT_NOT_FOUND');
  const photos = await lockOwnPhotos(tx, { creatorId, photoIds });
  const moving = photos.filter((photo) => photo.event_id !== eventId);
  const movedIds = moving.map((photo) => photo.photo_id);
  if (movedIds.length > 0) {
    await updateEvent(tx, { photoIds: movedIds, eventId }, latestCapture(ctx));
    await moveFaces(tx, creatorId, moving, eventId);
    // Only its creator moves a photo, so their moves in order are those of the photo in order.
    await ctx.outbox.publish(tx, PhotosMovedSchema, creatorId, {
      photoIds: movedIds,
      ...(eventId === null ? {} : { eventId }),
    });
  }
  const found = new Set(photos.map((photo) => photo.photo_id));
  const moved = new Set(movedIds);
  return new Map(photoIds.map((id) => [id, moved.has(id) ? 'moved' : found.has(id) ? 'unchanged' : 'not_found']));
}

/** A gallery is an event, or a creator for their photos without one. */
async function moveFaces(
  tx: Transaction<PhotoSchema>,
  creatorId: string,
  moving: readonly { event_id: string | null; face_count: number | null }[],
  eventId: string | null,
): Promise<void> {
  const counts = new Map<string, number>();
  const add = (galleryId: string, count: number) => counts.set(galleryId, (counts.get(galleryId) ?? 0) + count);
  for (const { event_id, face_count } of moving) {
    add(event_id ?? creatorId, -(face_count ?? 0));
    add(eventId ?? creatorId, face_count ?? 0);
  }
  await addFacesByGallery(tx, creatorId, counts);
}

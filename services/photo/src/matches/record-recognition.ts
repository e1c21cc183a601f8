import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { noteThing } from '@kilas/platform/telemetry/spans.ts';
import type { PhotoContext } from '../context.ts';
import { matchesRecorded } from '../metrics.ts';
import { addGalleryFaces } from '../photos/gallery-store.ts';
import { lockPhoto, markRecognised } from '../photos/photo-store.ts';
import type { Match } from './match.ts';
import { storeMatches } from './store-matches.ts';

/** Ends a photo's recognition with everyone found in it. A repetition counts no face twice and tells nobody twice. */
export async function recordRecognition(
  ctx: PhotoContext,
  input: { photoId: string; faceCount: number; processedKey: string; matches: readonly Match[] },
): Promise<void> {
  noteThing('photo', input.photoId);
  const newCount = await transact(ctx.db, async (tx) => {
    const photo = await lockPhoto(tx, input.photoId);
    if (photo === undefined) refuse('PHOTO_NOT_FOUND');
    const galleryId = photo.event_id ?? photo.creator_id;
    const faceCount = input.faceCount - (photo.face_count ?? 0);
    await addGalleryFaces(tx, { galleryId, creatorId: photo.creator_id, faceCount });
    await markRecognised(tx, input.photoId, input);
    return storeMatches(
      ctx,
      tx,
      input.matches.filter(({ photoId }) => photoId === input.photoId),
    );
  });
  matchesRecorded.add({}, newCount);
}

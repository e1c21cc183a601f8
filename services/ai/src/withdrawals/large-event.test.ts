import { newId } from '@kilas/platform/process/ids.ts';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { listClaimedFaces, listClaims } from '../claims/claim-store.ts';
import { cutOffUntil } from '../claims/cut-off.ts';
import { openConcurrentDatabase } from '../testing/open-concurrent-database.ts';
import { newPerson } from '../testing/synthetic-faces.ts';
import { packId, storeFacecam } from '../testing/synthetic-steps.ts';
import { eraseMember } from './erase-member.ts';

const [photoCount, facesEach, enrolledAt] = [30_000, 4, 10_000];

/** Of photo `place` of the event, the newest is the first: faces that were searched when the member could first be found in it. */
function searchedAtFirst(place: number): number {
  const first = Math.min(place, enrolledAt);
  const older = photoCount - first + 1;
  const own = Math.floor(photoCount / 10) - Math.floor((first - 1) / 10);
  return (older - own) * facesEach;
}

test('who is found in very many photos of a large event is erased within the time that a statement has', async () => {
  const { db, close } = await openConcurrentDatabase();
  try {
    const person = newPerson();
    const { memberId, facecamId } = await storeFacecam(db, person);
    const [eventId, creatorId, now] = [newId(), newId(), new Date()];
    // Every tenth photo is the member's own.
    await sql`insert into photo_recognitions (photo_id, creator_id, event_id, pack_id, face_count, processed_key, recognised_at)
      select gen_random_uuid(), case when place % 10 = 0 then ${memberId}::uuid else ${creatorId}::uuid end, ${eventId}, ${packId},
        ${facesEach}, place::text, ${now}::timestamptz - place * interval '1 second'
      from generate_series(1, ${photoCount}::int) as place`.execute(db);
    await sql`insert into faces (face_id, photo_id, creator_id, event_id, pack_id, embedding, box_left, box_top, box_width,
        box_height, score, eye_distance_px, sharpness, exposure, created_at)
      select gen_random_uuid(), photo_id, creator_id, event_id, pack_id, ${`[${[...person].join(',')}]`}, 0.1, 0.1, 0.1, 0.1, 1, 100,
        1, 1, recognised_at
      from photo_recognitions where processed_key::int % 6 = 1`.execute(db);
    await sql`insert into face_matches (photo_id, member_id, face_id, facecam_id, consent_epoch, distance, pack_id)
      select photo_id, ${memberId}, face_id, ${facecamId}, 1, 0.1 + r.processed_key::int / 1e6, pack_id
      from faces join photo_recognitions r using (photo_id, pack_id)`.execute(db);
    await db
      .updateTable('templates')
      .set({ created_at: new Date(now.getTime() - enrolledAt * 1000) })
      .execute();

    const claimed = await db
      .transaction()
      .execute(async (tx) => listClaimedFaces(tx, await listClaims(tx, memberId, 1)));
    const places = claimed.map(({ distance }) => Math.round((distance - 0.1) * 1e6));
    expect(claimed.map(({ galleryFacesAtFirst }) => galleryFacesAtFirst)).toEqual(places.map(searchedAtFirst));
    expect(new Set(claimed.map(({ galleryFaces }) => galleryFaces))).toEqual(new Set([photoCount * 0.9 * facesEach]));

    const { faces, matchCount } = await db
      .transaction()
      .execute((tx) => eraseMember(tx, { memberId, epoch: 1 }, cutOffUntil(new Date(), new Date())));
    expect([faces.length, matchCount]).toEqual([5000, 5000]);
  } finally {
    await close();
  }
}, 120_000);

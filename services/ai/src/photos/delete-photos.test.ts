import { Vacuum } from '@kilas/platform/db/vacuum.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { embeddingTables, matchTables } from '../db/schema.ts';
import { updateEventOfPhotos } from '../faces/photo-event-store.ts';
import { storeFaces, storeFacesAgain } from '../faces/store-faces.ts';
import { matchPhoto } from '../matching/match-photo.ts';
import { sweepRetention } from '../retention/sweep-retention.ts';
import { onBothDatabases } from '../testing/on-both-databases.ts';
import { faceWith, likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { addFacecam, addPhoto, packId, photosOf } from '../testing/synthetic-steps.ts';
import { deletePhotos } from './delete-photos.ts';

onBothDatabases((database) => {
  const clock = drivenClock();
  const remove = (...photoIds: string[]) =>
    database.db.transaction().execute((tx) => deletePhotos(tx, photoIds, { askedAt: clock.now(), now: clock.now() }));

  /** Every row that names the photo, or rests on a face of it, but for the note that it was deleted. */
  async function rowsOf(photoId: string): Promise<number> {
    const { rows } = await sql<{ count: number }>`select (
      (select count(*) from photo_recognitions where photo_id = ${photoId}) + (select count(*) from faces where photo_id = ${photoId})
      + (select count(*) from face_matches where photo_id = ${photoId}) + (select count(*) from face_places where photo_id = ${photoId})
      + (select count(*) from cut_off_places where photo_id = ${photoId})
      + (select count(*) from risky_work where thing = 'photo/' || ${photoId})
      + (select count(*) from photo_events where photo_id = ${photoId} and not is_deleted))::int as count`.execute(
      database.db,
    );
    return rows[0]?.count ?? -1;
  }

  const recognitionOf = (photoId: string, pack = packId) => ({
    photoId,
    creatorId: newId(),
    eventId: null,
    packId: pack,
    processedKey: `00/${'0'.repeat(40)}`,
  });

  test('all that rests on a photo goes with it, and nothing of another one', async () => {
    const person = newPerson();
    const facecam = await addFacecam(database.db, person);
    const doomed = await addPhoto(database.db, [likenessOf(person, 0.1), newPerson()]);
    const other = await addPhoto(database.db, [likenessOf(person, 0.1)]);
    await sql`insert into cut_off_places (photo_id, box_left, box_top, box_width, box_height, erase_at)
      values (${doomed}, 0, 0, 0.1, 0.1, now())`.execute(database.db);
    await sql`insert into face_places (photo_id, pack_id, member_id, consent_epoch, box_left, box_top, box_width, box_height)
      values (${doomed}, ${packId}, ${facecam.memberId}, 1, 0, 0, 0.1, 0.1)`.execute(database.db);
    await sql`insert into risky_work (thing, seen_at, death_count, quarantined_at)
      values (${`photo/${doomed}`}, now(), 3, now())`.execute(database.db);
    const before = await rowsOf(other);
    expect(await rowsOf(doomed)).toBe(8);
    expect(await remove(doomed)).toBe(2);
    expect([await rowsOf(doomed), await rowsOf(other)]).toEqual([0, before]);
    expect(await photosOf(database.db, facecam.memberId)).toEqual([other]);
    expect(await remove(doomed, newId())).toBe(0);
  });

  test('what comes late for a photo that was deleted stores nothing, under no pack', async () => {
    const known = await addPhoto(database.db, [newPerson()]);
    const unknown = newId();
    await remove(known, unknown);
    for (const photoId of [known, unknown]) {
      const late = await storeFaces(database.db, recognitionOf(photoId), [faceWith(newPerson())], clock.now());
      expect(late).toBe(false);
      await storeFacesAgain(database.db, { photoId, packId: 'other-pack' }, [faceWith(newPerson())], clock.now());
      await matchPhoto(database.db, photoId, clock.now());
      await database.db.transaction().execute((tx) => updateEventOfPhotos(tx, [photoId], newId()));
      expect(await storeFaces(database.db, recognitionOf(photoId), [faceWith(newPerson())], clock.now())).toBe(false);
      expect(await rowsOf(photoId)).toBe(0);
    }
  });

  test('a photo that is deleted while its faces are stored and searched leaves nothing behind', async () => {
    for (let round = 0; round < 10; round++) {
      const person = newPerson();
      const facecam = await addFacecam(database.db, person);
      const photoId = newId();
      const store = async (pack: string) => {
        await storeFaces(database.db, recognitionOf(photoId, pack), [faceWith(likenessOf(person, 0.1))], clock.now());
        await matchPhoto(database.db, photoId, clock.now());
      };
      await Promise.all([store(packId), remove(photoId, await addPhoto(database.db, [person])), store('other-pack')]);
      expect(await rowsOf(photoId)).toBe(0);
      expect(await photosOf(database.db, facecam.memberId)).toEqual([]);
    }
  });

  test('the sweep proves that the faces are gone', async () => {
    await sql`delete from erasures`.execute(database.db);
    await remove(await addPhoto(database.db, [newPerson(), newPerson()]));
    const noted = () =>
      database.db.selectFrom('erasures').select(['reason', 'face_count', 'gone_at', 'survivors']).execute();
    expect(await noted()).toEqual([{ reason: 'deletion', face_count: 2, gone_at: null, survivors: 0 }]);
    await sweepRetention({
      db: database.db,
      clock,
      log: openLog('ai', 'silent'),
      config: { FACES_KEPT_DAYS: 60 },
      vacuum: new Vacuum({ url: database.url, tables: embeddingTables, besides: matchTables }),
    });
    expect(await noted()).toEqual([{ reason: 'deletion', face_count: 2, gone_at: clock.now(), survivors: 0 }]);
  });
});

import { create, toBinary } from '@bufbuild/protobuf';
import { ConsentWithdrawnSchema, CutOffFacesDueSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { Vacuum } from '@kilas/platform/db/vacuum.ts';
import { actOnce } from '@kilas/platform/events/act-on-events.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embeddingTables, matchTables } from '../db/schema.ts';
import { onCutOffFacesDue } from '../erasures/on-cut-off-faces-due.ts';
import { storeFacesAgain } from '../faces/store-faces.ts';
import { matchFacecam } from '../matching/match-facecam.ts';
import { matchPhoto } from '../matching/match-photo.ts';
import { removeOldPack } from '../pack-changes/remove-old-pack.ts';
import { rankPacks } from '../packs/pack-store.ts';
import { measureOverdue, sweepRetention } from '../retention/sweep-retention.ts';
import { deleteTemplates } from '../templates/template-store.ts';
import { onBothDatabases } from '../testing/on-both-databases.ts';
import { openConcurrentDatabase } from '../testing/open-concurrent-database.ts';
import type { FaceDatabase } from '../testing/open-face-database.ts';
import { faceWith, likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { addFacecam, addPhoto, packId, photosOf, storeFacecam } from '../testing/synthetic-steps.ts';
import { onConsentWithdrawn } from '../withdrawals/on-consent-withdrawn.ts';

const log = openLog('ai', 'silent');
const day = 86_400;
const unproven = { provenLive: false };
const newPack = 'new-pack';

onBothDatabases((database) => {
  const clock = drivenClock();

  const replica = () => ({
    db: database.db,
    clock,
    log,
    config: { FACES_KEPT_DAYS: 3650 },
    vacuum: new Vacuum({ url: database.url, tables: embeddingTables, besides: matchTables }),
  });

  /** As user tells it; answers what was erased, and the proof. */
  async function withdraw(memberId: string, { epoch = 1, eventId = newId(), occurredAt = clock.now() } = {}) {
    const payload = toBinary(ConsentWithdrawnSchema, create(ConsentWithdrawnSchema, { memberId, epoch }));
    const envelope = { eventId, key: memberId, occurredAt };
    const { effects, prove } = await actOnce(database.db, onConsentWithdrawn(replica()), payload, envelope);
    return { eventId, effects, proof: await prove?.() };
  }

  /** As user asks for it once the time is over. */
  async function askFor(erasureId: string) {
    const payload = toBinary(CutOffFacesDueSchema, create(CutOffFacesDueSchema, { erasureId }));
    const envelope = { eventId: newId(), key: erasureId, occurredAt: clock.now() };
    return (await actOnce(database.db, onCutOffFacesDue(replica()), payload, envelope)).prove?.();
  }

  const waitOver = async () => {
    clock.advance(7 * day + 3_600);
    await sweepRetention(replica());
  };
  const countFaces = async (photoIds: readonly string[]) =>
    (await database.db.selectFrom('faces').select('face_id').where('photo_id', 'in', photoIds).execute()).length;
  const listCutOff = (photoId: string) =>
    database.db.selectFrom('cut_off_places').selectAll().where('photo_id', '=', photoId).execute();

  /** Somebody who is in three photos and not enrolled, and a member who enrolled a crop of one of them and withdrew. */
  async function attack() {
    const { db } = database;
    const victim = newPerson();
    const faces = [0.1, 0.2, 0.3].map((distance) => likenessOf(victim, distance));
    const photoIds: string[] = [];
    for (const face of faces) photoIds.push(await addPhoto(db, [face, newPerson()]));
    const { memberId } = await addFacecam(db, likenessOf(faces[0] ?? victim, 0.05), unproven);
    expect((await photosOf(db, memberId)).length).toBe(3);
    return { victim, photoIds: photoIds.sort(), attackerId: memberId, ...(await withdraw(memberId)) };
  }

  test("whoever enrols a crop of somebody else's face and withdraws hides them from nobody", async () => {
    const { victim, photoIds, attackerId, effects, proof } = await attack();
    expect(effects).toEqual({ templates: 1, faces: 0, facesCutOff: 3, matches: 3 });
    expect(await photosOf(database.db, attackerId)).toEqual([]);
    const real = await addFacecam(database.db, likenessOf(victim, 0.2), unproven);
    expect(await photosOf(database.db, real.memberId)).toEqual(photoIds);
    expect(proof).toMatchObject({ vectorsProbed: 1, survivors: 0, goneAt: clock.now() });
    await waitOver();
    expect(await photosOf(database.db, real.memberId)).toEqual(photoIds);
    expect(await countFaces(photoIds)).toBe(6);
    expect(await listCutOff(photoIds[0] ?? '')).toEqual([]);
  });

  test('nothing leads from a member to faces that were cut off from them, nor from these to the withdrawal', async () => {
    const { photoIds, attackerId, eventId } = await attack();
    const { rows } = await sql<{ row: string }>`
      select row_to_json(t)::text as row from cut_off_places t
      union all select row_to_json(t)::text from faces t where photo_id = any(${photoIds}::uuid[])
      union all select row_to_json(t)::text from photo_recognitions t where photo_id = any(${photoIds}::uuid[])`.execute(
      database.db,
    );
    const all = rows.map(({ row }) => row).join('\n');
    expect(all).not.toContain(attackerId);
    expect(all).not.toContain(eventId);
    for (const table of ['templates', 'face_matches', 'face_places', 'outdated_facecams'] as const) {
      const query = database.db.selectFrom(table).select('member_id').where('member_id', '=', attackerId);
      expect(await query.execute(), table).toEqual([]);
    }
    for (const { erase_at } of await listCutOff(photoIds[0] ?? '')) expect(erase_at.getTime() % 3_600_000).toBe(0);
  });

  test('a face that was cut off goes after seven days without another claim, and not before', async () => {
    await waitOver();
    const { photoIds, eventId, proof } = await attack();
    const until = proof?.cutOffUntil ?? new Date(0);
    expect(until.getTime()).toBeGreaterThanOrEqual(addSeconds(clock.now(), 7 * day).getTime());
    expect(until.getTime()).toBeLessThanOrEqual(addSeconds(clock.now(), 7 * day + 3_600).getTime());
    clock.advance(7 * day - 1);
    await sweepRetention(replica());
    expect(await countFaces(photoIds)).toBe(6);
    expect((await askFor(eventId))?.goneAt).toBeUndefined();

    clock.advance(3_601);
    expect(await measureOverdue(replica())).toBeGreaterThan(0);
    await Promise.all([sweepRetention(replica()), sweepRetention(replica())]);
    expect(await countFaces(photoIds)).toBe(3);
    expect(await askFor(eventId)).toMatchObject({ goneAt: clock.now(), survivors: 0 });
    expect(await measureOverdue(replica())).toBe(0);
    const notes = await database.db
      .selectFrom('erasures')
      .select(['face_count', 'vectors_probed', 'survivors'])
      .where('reason', '=', 'cut_off')
      .where('due_at', '=', until)
      .execute();
    expect(notes).toEqual([{ face_count: 3, vectors_probed: 3, survivors: 0 }]);
  });

  test('a face that only a looser level than the default finds is no claim', async () => {
    const { victim, photoIds } = await attack();
    const stranger = await addFacecam(database.db, likenessOf(victim, 0.57), unproven);
    expect(await photosOf(database.db, stranger.memberId)).not.toEqual([]);
    await waitOver();
    expect(await countFaces(photoIds)).toBe(3);
  });

  test('a claim that was given up before the seven days are over holds nothing', async () => {
    const { victim, photoIds } = await attack();
    const real = await addFacecam(database.db, victim, unproven);
    await database.db.transaction().execute((tx) => deleteTemplates(tx, real.facecamId, real.memberId));
    await waitOver();
    expect(await countFaces(photoIds)).toBe(3);
  });

  test('of a member who was proven live all faces go at once that nobody else holds', async () => {
    const { db } = database;
    const person = newPerson();
    const { memberId } = await addFacecam(db, person);
    const photoIds = [await addPhoto(db, [likenessOf(person, 0.3)]), await addPhoto(db, [likenessOf(person, 0.4)])];
    const { effects, proof } = await withdraw(memberId);
    expect(effects).toEqual({ templates: 1, faces: 2, facesCutOff: 0, matches: 2 });
    expect(proof).toMatchObject({ goneAt: clock.now(), survivors: 0 });
    expect(proof?.cutOffUntil).toBeUndefined();
    expect(await countFaces(photoIds)).toBe(0);
  });

  test('with several facecams a face goes at once where one that was proven live finds it by itself', async () => {
    const { db } = database;
    const person = newPerson();
    const { memberId } = await addFacecam(db, person);
    const far = likenessOf(person, 0.5);
    await addFacecam(db, far, { memberId, ...unproven });
    const near = await addPhoto(db, [likenessOf(person, 0.2)]);
    // Farther than the first selfie, and as near to what both have in common as is shown.
    const beyond = person.map((value, i) => value + ((far[i] ?? 0) - value) * 1.25);
    const other = await addPhoto(db, [beyond]);
    expect((await photosOf(db, memberId)).sort()).toEqual([near, other].sort());
    expect((await withdraw(memberId)).effects).toEqual({ templates: 2, faces: 1, facesCutOff: 1, matches: 2 });
    expect([await countFaces([near]), await countFaces([other])]).toEqual([0, 1]);
  });

  test('whoever enrols anew within the seven days has their faces again, and keeps them', async () => {
    const { victim, photoIds, attackerId } = await attack();
    const anew = await addFacecam(database.db, victim, { memberId: attackerId, consentEpoch: 2, ...unproven });
    expect(await photosOf(database.db, anew.memberId)).toEqual(photoIds);
    await waitOver();
    expect(await photosOf(database.db, anew.memberId)).toEqual(photoIds);
  });

  test('a second withdrawal begins the seven days anew', async () => {
    const { victim, photoIds } = await attack();
    clock.advance(6 * day);
    const second = await addFacecam(database.db, victim, unproven);
    const { effects } = await withdraw(second.memberId);
    expect(effects).toMatchObject({ facesCutOff: 3 });
    expect(await listCutOff(photoIds[0] ?? '')).toHaveLength(1);
    clock.advance(2 * day);
    await sweepRetention(replica());
    expect(await countFaces(photoIds)).toBe(6);
    await waitOver();
    expect(await countFaces(photoIds)).toBe(3);
  });

  test('a withdrawal that the journal gives back to a restored database has its old date, and a day at least', async () => {
    const { db } = database;
    const occurredAt = clock.now();
    const cutOffOf = async (agoDays: number) => {
      const person = newPerson();
      const { memberId } = await addFacecam(db, person, unproven);
      const photoId = await addPhoto(db, [person]);
      const { proof } = await withdraw(memberId, { occurredAt: addSeconds(occurredAt, -agoDays * day) });
      const [place] = await listCutOff(photoId);
      expect(place?.erase_at).toEqual(proof?.cutOffUntil);
      return { photoId, hours: ((place?.erase_at.getTime() ?? 0) - occurredAt.getTime()) / 3_600_000 };
    };
    const [recent, old] = [await cutOffOf(3), await cutOffOf(30)];
    expect(Math.floor(recent.hours)).toBeGreaterThanOrEqual(4 * 24);
    expect(recent.hours).toBeLessThanOrEqual(4 * 24 + 1);
    expect(old.hours).toBeGreaterThanOrEqual(24);
    expect(old.hours).toBeLessThanOrEqual(25);
  });

  test('the creator of a photo holds a face in it that is theirs, though they never find it', async () => {
    const { db } = database;
    const creator = newPerson();
    const { memberId: creatorId } = await addFacecam(db, creator, unproven);
    const photoId = await addPhoto(db, [likenessOf(creator, 0.1)], { creatorId });
    const { memberId } = await addFacecam(db, likenessOf(creator, 0.15));
    expect(await photosOf(db, memberId)).toEqual([photoId]);
    expect((await withdraw(memberId)).effects).toMatchObject({ faces: 0, facesCutOff: 0 });
  });

  describe('while a pack replaces another', () => {
    const change = { packId: newPack, oldPackId: packId };
    const rank = (packIds: string[]) => database.db.transaction().execute((tx) => rankPacks(tx, packIds));

    test('what another member is found by under one pack stays under both', async () => {
      const { db } = database;
      const [person, asNew] = [newPerson(), newPerson()];
      const face = faceWith(likenessOf(person, 0.1));
      const photoId = await addPhoto(db, [face]);
      await storeFacesAgain(
        db,
        { photoId, packId: newPack },
        [{ ...face, embedding: likenessOf(asNew, 0.1) }],
        clock.now(),
      );
      const { memberId } = await addFacecam(db, person);
      const other = await addFacecam(db, asNew, { packId: newPack });
      expect((await withdraw(memberId)).effects).toMatchObject({ faces: 0, facesCutOff: 0 });
      expect(await countFaces([photoId])).toBe(2);
      expect(await photosOf(db, other.memberId)).toEqual([photoId]);
    });

    test('a face that waits goes also where the pack is gone that saw it, and comes back under none', async () => {
      const { db } = database;
      const { photoIds } = await attack();
      const [seen = '', unseen = ''] = photoIds;
      const before = await db.selectFrom('faces').selectAll().where('photo_id', 'in', photoIds).execute();
      const boxOf = (photoId: string) => {
        const [place] = before.filter((face) => face.photo_id === photoId && face.embedding !== '');
        if (place === undefined) throw new Error('no face');
        return before
          .filter((face) => face.photo_id === photoId)
          .map((row) => ({
            ...faceWith(newPerson()),
            box: { left: row.box_left, top: row.box_top, width: row.box_width, height: row.box_height },
          }));
      };
      const look = (photoId: string) => storeFacesAgain(db, { photoId, packId: newPack }, boxOf(photoId), clock.now());
      await look(seen);
      await rank([packId, newPack]);
      while ((await removeOldPack(db, change)) > 0);
      expect(await countFaces([seen, unseen])).toBe(2);
      await waitOver();
      expect(await countFaces([seen])).toBe(1);
      await look(unseen);
      await matchPhoto(db, unseen, clock.now());
      expect(await countFaces([unseen])).toBe(1);
      await rank([newPack, packId]);
    });

    test('who was shown a face by a pack that is gone holds it', async () => {
      const { db } = database;
      const { victim, photoIds } = await attack();
      const real = await addFacecam(db, victim, unproven);
      await rank([packId, newPack]);
      while ((await removeOldPack(db, change)) > 0);
      expect(await photosOf(db, real.memberId)).toEqual([]);
      await waitOver();
      const [photo] = await db
        .selectFrom('photo_recognitions')
        .select('erased_boxes')
        .where('photo_id', '=', photoIds[0] ?? '')
        .execute();
      expect(photo?.erased_boxes).toEqual([]);
      await rank([newPack, packId]);
    });
  });
});

describe('at the same moment', () => {
  const clock = drivenClock();
  let database: FaceDatabase;
  beforeAll(async () => {
    database = await openConcurrentDatabase();
  });
  afterAll(() => database?.close());

  test('a claim that is being written when the seven days end, or when somebody withdraws, keeps the face', async () => {
    const { db } = database;
    const vacuum = new Vacuum({ url: database.url, tables: embeddingTables, besides: matchTables });
    const replica = { db, clock, log, vacuum, config: { FACES_KEPT_DAYS: 3650 } };
    const withdraw = (memberId: string) => {
      const payload = toBinary(ConsentWithdrawnSchema, create(ConsentWithdrawnSchema, { memberId, epoch: 1 }));
      const envelope = { eventId: newId(), key: memberId, occurredAt: clock.now() };
      return actOnce(db, onConsentWithdrawn(replica), payload, envelope);
    };
    for (const isProven of [true, false]) {
      const person = newPerson();
      const photoId = await addPhoto(db, [person]);
      const leaving = await addFacecam(db, person, { provenLive: isProven });
      if (!isProven) {
        await withdraw(leaving.memberId);
        clock.advance(8 * day);
      }
      const staying = await storeFacecam(db, likenessOf(person, 0.3));
      // The match is there and not committed when the other one begins.
      const { promise: written, resolve: tellWritten } = Promise.withResolvers<void>();
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      const claiming = db.transaction().execute(async (tx) => {
        await sql`select from faces where photo_id = ${photoId} for key share`.execute(tx);
        await sql`insert into face_matches (photo_id, member_id, pack_id, face_id, facecam_id, consent_epoch, distance)
          select photo_id, ${staying.memberId}, pack_id, face_id, ${staying.facecamId}, 1, 0.3 from faces where photo_id = ${photoId}`.execute(
          tx,
        );
        tellWritten();
        await ended;
      });
      await written;
      const erasing = isProven ? withdraw(leaving.memberId) : sweepRetention(replica);
      const isWaiting = async () => {
        const { rows } = await sql<{ count: number }>`
          select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
          db,
        );
        return (rows[0]?.count ?? 0) > 0;
      };
      await waitFor(isWaiting, { what: 'the erasure to wait for the claim' });
      end();
      await Promise.all([claiming, erasing]);
      expect(await photosOf(db, staying.memberId), String(isProven)).toEqual([photoId]);
      await matchFacecam(db, staying);
    }
  });
});

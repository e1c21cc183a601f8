import { create, toBinary } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { EventRetentionSetSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { Vacuum } from '@kilas/platform/db/vacuum.ts';
import { actOnce } from '@kilas/platform/events/act-on-events.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { expect, test } from 'vitest';
import { embeddingTables, matchTables } from '../db/schema.ts';
import { keepConfirmedFace } from '../facecams/keep-confirmed-face.ts';
import { listMatchesByMember } from '../matching/match-store.ts';
import { listConfirmedTemplates } from '../templates/confirmed-store.ts';
import { onBothDatabases } from '../testing/on-both-databases.ts';
import { likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { addFacecam, addPhoto, photosOf } from '../testing/synthetic-steps.ts';
import { onEventRetentionSet } from './on-event-retention-set.ts';
import { measureOverdue, sweepRetention } from './sweep-retention.ts';

const log = openLog('ai', 'silent');
const day = 86_400;

onBothDatabases((database) => {
  const clock = drivenClock();

  /** A replica; each has a Vacuum of its own. */
  const replica = (vacuum?: Pick<Vacuum, 'run' | 'runFor'>) => ({
    db: database.db,
    clock,
    log,
    config: { FACES_KEPT_DAYS: 60 },
    vacuum: vacuum ?? new Vacuum({ url: database.url, tables: embeddingTables, besides: matchTables }),
  });

  async function setRetention(eventId: string, facesUntil: Date) {
    const message = create(EventRetentionSetSchema, { eventId, facesUntil: timestampFromDate(facesUntil) });
    const envelope = { eventId: newId(), key: eventId, occurredAt: clock.now() };
    await actOnce(database.db, onEventRetentionSet, toBinary(EventRetentionSetSchema, message), envelope);
  }

  async function countFaces(photoIds: readonly string[]): Promise<number> {
    const query = database.db.selectFrom('faces').select('face_id').where('photo_id', 'in', photoIds);
    return (await query.execute()).length;
  }

  const erasuresOf = (eventId: string | null) =>
    database.db.selectFrom('erasures').selectAll().where('event_id', 'is not distinct from', eventId).execute();

  const addTo = (eventId: string, faceCount = 2) =>
    addPhoto(database.db, Array.from({ length: faceCount }, newPerson), { eventId, at: clock.now() });

  test('faces of an event stay until its retention ends, then they are gone and it is on record when and how many', async () => {
    const [ending, going] = [newId(), newId()];
    const facesUntil = addSeconds(clock.now(), 60 * day);
    await setRetention(ending, facesUntil);
    await setRetention(going, addSeconds(facesUntil, 30 * day));
    const photoIds = [await addTo(ending), await addTo(ending), await addTo(going)];
    clock.advance(60 * day - 1);
    await sweepRetention(replica());
    expect(await countFaces(photoIds)).toBe(6);

    clock.advance(1);
    await sweepRetention(replica());
    expect(await countFaces(photoIds)).toBe(2);
    const at = clock.now();
    expect(await erasuresOf(ending)).toMatchObject([
      {
        reason: 'retention',
        due_at: facesUntil,
        face_count: 4,
        erased_at: at,
        unsearchable_at: at,
        gone_at: at,
        vectors_probed: 4,
        survivors: 0,
      },
    ]);
    expect(await measureOverdue(replica())).toBe(0);
  });

  test('a template that its member confirmed outlives the faces of the event, and the proof does not call it a survivor', async () => {
    const eventId = newId();
    await setRetention(eventId, addSeconds(clock.now(), day));
    const person = newPerson();
    const { memberId } = await addFacecam(database.db, person);
    await addPhoto(database.db, [likenessOf(person, 0.2)], { eventId, at: clock.now() });
    const [match] = await listMatchesByMember(database.db, memberId, { after: undefined, limit: 1 });
    if (match === undefined) throw new Error('the member is in no photo');
    expect(await database.db.transaction().execute((tx) => keepConfirmedFace(tx, match, clock.now()))).toBe(true);
    clock.advance(day);
    await sweepRetention(replica());
    expect(await erasuresOf(eventId)).toMatchObject([{ face_count: 1, vectors_probed: 1, survivors: 0 }]);
    expect(await listConfirmedTemplates(database.db, match)).toHaveLength(1);
  });

  test('an event whose end was moved keeps its faces as long as it says now', async () => {
    const eventId = newId();
    await setRetention(eventId, addSeconds(clock.now(), day));
    const photoId = await addTo(eventId);
    await setRetention(eventId, addSeconds(clock.now(), 3 * day));
    clock.advance(2 * day);
    await sweepRetention(replica());
    expect(await countFaces([photoId])).toBe(2);
    clock.advance(day);
    await sweepRetention(replica());
    expect(await countFaces([photoId])).toBe(0);
  });

  test('faces of a photo without an event go 60 days after its upload, however late they were recognised', async () => {
    const photoId = await addPhoto(database.db, [newPerson()], { at: clock.now() });
    const late = await addPhoto(database.db, [newPerson()], { at: clock.now() });
    await database.db
      .updateTable('photo_recognitions')
      .set({ recognised_at: addSeconds(clock.now(), 50 * day) })
      .where('photo_id', '=', late)
      .execute();
    clock.advance(60 * day - 1);
    await sweepRetention(replica());
    expect(await countFaces([photoId, late])).toBe(2);
    clock.advance(1);
    await sweepRetention(replica());
    expect(await countFaces([photoId, late])).toBe(0);
    expect((await erasuresOf(null)).at(-1)).toMatchObject({ face_count: 2, due_at: clock.now(), survivors: 0 });
  });

  test('a photo that comes when the retention has ended is found by who is enrolled, and its faces go within hours', async () => {
    const eventId = newId();
    const person = newPerson();
    const member = await addFacecam(database.db, person);
    await setRetention(eventId, clock.now());
    clock.advance(day);
    const embeddings = [likenessOf(person, 0.2), newPerson()];
    const photoId = await addPhoto(database.db, embeddings, { eventId, at: clock.now() });
    await sweepRetention(replica());
    // Still there for a process that has yet to tell photo.
    expect(await photosOf(database.db, member.memberId)).toEqual([photoId]);
    clock.advance(3_600);
    await sweepRetention(replica());
    expect(await countFaces([photoId])).toBe(0);
    const again = await addFacecam(database.db, person, { memberId: member.memberId });
    expect(await photosOf(database.db, again.memberId)).toEqual([]);
  });

  test('a sweep that dies before VACUUM is finished by the next one, and overdue until then', async () => {
    const eventId = newId();
    await setRetention(eventId, clock.now());
    const photoId = await addTo(eventId);
    clock.advance(7_200);
    expect(await measureOverdue(replica())).toBe(7_200);
    const die = () => Promise.reject(new Error('the process dies'));
    await expect(sweepRetention(replica({ run: die, runFor: die }))).rejects.toThrow('dies');
    expect(await countFaces([photoId])).toBe(0);
    expect(await erasuresOf(eventId)).toMatchObject([{ gone_at: null, vectors_probed: 2 }]);
    clock.advance(60);
    expect(await measureOverdue(replica())).toBe(7_260);
    await sweepRetention(replica());
    expect(await erasuresOf(eventId)).toMatchObject([{ gone_at: clock.now(), vectors_probed: 2, face_count: 2 }]);
    expect(await measureOverdue(replica())).toBe(0);
  });

  test('replicas that sweep at once erase each face once, and count it once', async () => {
    const eventIds = [newId(), newId(), newId()];
    for (const eventId of eventIds) {
      await setRetention(eventId, clock.now());
      await addTo(eventId, 3);
      await addTo(eventId, 2);
    }
    clock.advance(7_200);
    await Promise.all([sweepRetention(replica()), sweepRetention(replica()), sweepRetention(replica())]);
    // What one of them erased while another ran VACUUM is left to the next sweep.
    await sweepRetention(replica());
    for (const eventId of eventIds) {
      const rows = await erasuresOf(eventId);
      expect(rows.reduce((sum, row) => sum + row.face_count, 0)).toBe(5);
      expect(rows.map(({ gone_at }) => gone_at)).not.toContain(null);
    }
  });

  test('a vector that stands elsewhere after its retention is on record', async () => {
    const [ending, going] = [newId(), newId()];
    const person = newPerson();
    await setRetention(ending, clock.now());
    for (const eventId of [ending, going]) await addPhoto(database.db, [person], { eventId, at: clock.now() });
    clock.advance(7_200);
    await sweepRetention(replica());
    expect(await erasuresOf(ending)).toMatchObject([{ face_count: 1, vectors_probed: 1, survivors: 1 }]);
  });
});

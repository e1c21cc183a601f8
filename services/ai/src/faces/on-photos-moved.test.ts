import { create, toBinary } from '@bufbuild/protobuf';
import { PhotosMovedSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { Vacuum } from '@kilas/platform/db/vacuum.ts';
import { actOnce } from '@kilas/platform/events/act-on-events.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { expect, test } from 'vitest';
import { embeddingTables, matchTables } from '../db/schema.ts';
import { upsertRetention } from '../retention/retention-store.ts';
import { sweepRetention } from '../retention/sweep-retention.ts';
import { onBothDatabases } from '../testing/on-both-databases.ts';
import { faceWith, newPerson } from '../testing/synthetic-faces.ts';
import { addPhoto, packId } from '../testing/synthetic-steps.ts';
import { onPhotosMoved } from './on-photos-moved.ts';
import { storeFaces, storeFacesAgain } from './store-faces.ts';

const log = openLog('ai', 'silent');
const day = 86_400;

onBothDatabases((database) => {
  const clock = drivenClock();
  const tellMoved = (photoIds: string[], eventId: string | null) => {
    const message = create(PhotosMovedSchema, { photoIds, ...(eventId === null ? {} : { eventId }) });
    const envelope = { eventId: newId(), key: newId(), occurredAt: clock.now() };
    return actOnce(database.db, onPhotosMoved, toBinary(PhotosMovedSchema, message), envelope);
  };

  const sweep = () =>
    sweepRetention({
      db: database.db,
      clock,
      log,
      config: { FACES_KEPT_DAYS: 60 },
      vacuum: new Vacuum({ url: database.url, tables: embeddingTables, besides: matchTables }),
    });

  const keepUntil = (eventId: string, facesUntil: Date) =>
    database.db.transaction().execute((tx) => upsertRetention(tx, { eventId, facesUntil }));

  async function countFaces(photoId: string): Promise<number> {
    const query = database.db.selectFrom('faces').select('face_id').where('photo_id', '=', photoId);
    return (await query.execute()).length;
  }

  /** The events that rows of a photo name, each once. */
  async function eventsOf(photoId: string): Promise<(string | null)[]> {
    const named = new Set<string | null>();
    for (const table of ['photo_recognitions', 'faces', 'photo_events'] as const) {
      const rows = await database.db.selectFrom(table).select('event_id').where('photo_id', '=', photoId).execute();
      for (const row of rows) named.add(row.event_id);
    }
    return [...named];
  }

  const people = () => [newPerson(), newPerson()];

  test('the faces of a photo that moved are kept as long as those of the event in which it is', async () => {
    const [short, long] = [newId(), newId()];
    await keepUntil(short, addSeconds(clock.now(), day));
    await keepUntil(long, addSeconds(clock.now(), 10 * day));
    const moved = await addPhoto(database.db, people(), { eventId: short, at: clock.now() });
    const back = await addPhoto(database.db, people(), { eventId: long, at: clock.now() });
    const stayed = await addPhoto(database.db, people(), { eventId: short, at: clock.now() });
    await tellMoved([moved], long);
    await tellMoved([back], short);
    clock.advance(2 * day);
    await sweep();
    expect(await Promise.all([moved, back, stayed].map(countFaces))).toEqual([2, 0, 0]);
    clock.advance(9 * day);
    await sweep();
    expect(await countFaces(moved)).toBe(0);
  });

  test('without an event they are kept for days after the upload, also when it left the event late', async () => {
    const eventId = newId();
    await keepUntil(eventId, addSeconds(clock.now(), 300 * day));
    const photoId = await addPhoto(database.db, people(), { eventId, at: clock.now() });
    await tellMoved([photoId], null);
    clock.advance(59 * day);
    await sweep();
    expect(await countFaces(photoId)).toBe(2);
    clock.advance(day);
    await sweep();
    expect(await countFaces(photoId)).toBe(0);
  });

  test('faces that were erased do not come back with another event', async () => {
    const [over, open] = [newId(), newId()];
    await keepUntil(over, addSeconds(clock.now(), day));
    const photoId = await addPhoto(database.db, people(), { eventId: over, at: clock.now() });
    clock.advance(2 * day);
    await sweep();
    await tellMoved([photoId], open);
    expect([await countFaces(photoId), await eventsOf(photoId)]).toEqual([0, [open]]);
  });

  test('a photo that moved before it was recognised is where it is, whatever upload says, under each pack', async () => {
    const [from, to] = [newId(), newId()];
    const photoId = newId();
    await tellMoved([photoId], to);
    const recognition = { photoId, creatorId: newId(), eventId: from, packId, processedKey: `00/${'0'.repeat(40)}` };
    await storeFaces(database.db, recognition, people().map(faceWith), clock.now());
    await storeFacesAgain(database.db, { photoId, packId: 'other-pack' }, [faceWith(newPerson())], clock.now());
    expect([await eventsOf(photoId), await countFaces(photoId)]).toEqual([[to], 3]);
  });

  test('a photo that moves while its faces are stored ends with all of it in one event', async () => {
    for (let round = 0; round < 10; round++) {
      const [from, to, later] = [newId(), newId(), newId()];
      const photoId = newId();
      const recognition = { photoId, creatorId: newId(), eventId: from, packId, processedKey: `00/${'0'.repeat(40)}` };
      const store = (pack: string) =>
        storeFaces(database.db, { ...recognition, packId: pack }, people().map(faceWith), clock.now());
      await Promise.all([store(packId), tellMoved([photoId], to), store('other-pack')]);
      expect(await eventsOf(photoId)).toEqual([to]);
      const again = storeFacesAgain(
        database.db,
        { photoId, packId: 'third-pack' },
        people().map(faceWith),
        clock.now(),
      );
      await Promise.all([again, tellMoved([photoId, newId()], later)]);
      expect([await eventsOf(photoId), await countFaces(photoId)]).toEqual([[later], 6]);
    }
  });
});

import { openFaceDatabase } from '@kilas/ai/testing/open-face-database.ts';
import { newPerson } from '@kilas/ai/testing/synthetic-faces.ts';
import { addPhoto } from '@kilas/ai/testing/synthetic-steps.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { afterAll, expect, test } from 'vitest';
import { listRetentions } from './list-retentions.ts';

const database = await openFaceDatabase();
afterAll(() => database.close());

test('an operator sees of each event what stands, what is overdue and what became of what was erased', async () => {
  const { db } = database;
  const now = new Date('2026-07-01T00:00:00Z');
  const [overdue, ended, eventless] = [newId(), newId(), null];
  const until = new Date('2026-06-30T23:00:00Z');
  for (const eventId of [overdue, ended]) {
    await db.insertInto('event_retentions').values({ event_id: eventId, faces_until: until }).execute();
  }
  await addPhoto(db, [newPerson(), newPerson()], { eventId: overdue });
  await addPhoto(db, [newPerson()]);
  const erasure = { reason: 'retention', event_id: ended, due_at: until, erased_at: until } as const;
  for (const face_count of [3, 4]) {
    const times = { unsearchable_at: until, gone_at: until };
    await db
      .insertInto('erasures')
      .values({ ...erasure, ...times, erasure_id: newId(), face_count })
      .execute();
  }
  const nothing = { erased: 0, unsearchableAt: null, goneAt: null, survivors: 0 };
  const clocks = await listRetentions(db, now);
  expect(clocks).toHaveLength(3);
  expect(clocks).toContainEqual({ eventId: overdue, facesUntil: until, faces: 2, ...nothing, overdueSeconds: 3600 });
  const gone = { erased: 7, unsearchableAt: until, goneAt: until, survivors: 0 };
  expect(clocks).toContainEqual({ eventId: ended, facesUntil: until, faces: 0, ...gone, overdueSeconds: 0 });
  expect(clocks).toContainEqual({ eventId: eventless, facesUntil: null, faces: 1, ...nothing, overdueSeconds: 0 });

  const open = { erasure_id: newId(), face_count: 5, unsearchable_at: until, gone_at: null, survivors: 1 };
  await db
    .insertInto('erasures')
    .values({ ...erasure, ...open })
    .execute();
  const after = (await listRetentions(db, now)).find(({ eventId }) => eventId === ended);
  expect(after).toMatchObject({ erased: 12, goneAt: null, survivors: 1, overdueSeconds: 3600 });
});

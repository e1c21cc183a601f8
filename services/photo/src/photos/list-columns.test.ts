import { openDatabase } from '@kilas/platform/db/database.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { PhotoSchema } from '../db/schema.ts';
import { startCatalogue } from '../testing/start-catalogue.ts';

type Catalogue = Awaited<ReturnType<typeof startCatalogue>>;
const page = z.object({ items: z.array(z.object({ photoId: z.string() })) });
let catalogue: Catalogue;
let db: ReturnType<typeof openDatabase<PhotoSchema>>;

beforeAll(async () => {
  catalogue = await startCatalogue();
  db = openDatabase<PhotoSchema>({ url: catalogue.system.databaseUrls.photo, poolSizeMax: 2, onTrouble: () => {} });
});
afterAll(async () => {
  await db?.destroy();
  await catalogue?.system.close();
});

async function prepare() {
  const [creator, member] = [await catalogue.signUp({ creator: true }), await catalogue.signUp({ consent: true })];
  const [from, to] = [await catalogue.createEvent(creator), await catalogue.createEvent(creator)];
  const publish = (eventId: string, capturedLocal: string) =>
    catalogue.publish({ creatorId: creator.accountId, eventId, capturedLocal });
  const idsAt = async (url: string) =>
    page.parse((await catalogue.get(url, member)).json()).items.map((item) => item.photoId);
  return {
    member,
    from: from.eventId,
    to: to.eventId,
    publish,
    explored: () => idsAt('/v1/explore'),
    exploredIn: (eventId: string) => idsAt(`/v1/explore?eventId=${eventId}`),
    browsed: (eventId: string) => idsAt(`/v1/events/${eventId}/photos`),
  };
}

test('a photo that moves, or was taken at another time, stands in every list where it is then', async () => {
  const { member, from, to, publish, explored, exploredIn, browsed } = await prepare();
  const moved = await publish(from, '2026-05-01T08:00:00');
  const stays = await publish(from, '2026-05-01T09:00:00');
  for (const photoId of [moved, stays]) await catalogue.recognise(photoId, [{ photoId, memberId: member.accountId }]);
  await catalogue.send('PUT', `/v1/favourites/${moved}`, member);
  expect(await explored()).toEqual([stays, moved]);
  expect(await browsed(from)).toEqual([stays, moved]);
  const change = { event_id: to, captured_at: new Date('2026-05-01T05:00:00Z') };
  await db.updateTable('photos').set(change).where('photo_id', '=', moved).execute();
  expect(await explored()).toEqual([moved, stays]);
  expect(await exploredIn(to)).toEqual([moved]);
  expect(await browsed(to)).toEqual([moved]);
  expect(await browsed(from)).toEqual([stays]);
  // What only a list of the member's own shows.
  await db.deleteFrom('matches').where('photo_id', '=', moved).execute();
  await catalogue.recognise(stays, [{ photoId: stays, memberId: member.accountId }]);
  await db.updateTable('photos').set({ event_id: to }).where('photo_id', '=', stays).execute();
  expect(await browsed(to)).toEqual([moved, stays]);
});

test('a match that is found while its photo moves is listed where the photo went', async () => {
  const { member, from, to, publish, browsed, exploredIn } = await prepare();
  const photoId = await publish(from, '2026-05-01T08:00:00');
  const recognised = await db.transaction().execute(async (tx) => {
    await tx.updateTable('photos').set({ event_id: to }).where('photo_id', '=', photoId).execute();
    const found = catalogue.matchOf({ photoId, memberId: member.accountId });
    // As a facecam finds it: nothing but the row of the match holds the photo.
    const recognising = catalogue.matches.recordMatches({ matches: [found] });
    const isWaiting = async () =>
      (
        await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
          db,
        )
      ).rows.length > 0;
    await waitFor(isWaiting, { what: 'the match to wait for the photo' });
    return { recognising };
  });
  await recognised.recognising;
  expect(await exploredIn(to)).toEqual([photoId]);
  expect(await exploredIn(from)).toEqual([]);
  expect(await browsed(to)).toEqual([photoId]);
});

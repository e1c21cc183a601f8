import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { afterAll, expect, test } from 'vitest';
import { startCatalogue } from '../testing/start-catalogue.ts';

const clock = drivenClock(new Date('2026-06-01T00:00:00Z'));
const { system, publish, createEvent, get, send, signUp } = await startCatalogue({ clock });
afterAll(() => system.close());
const creator = await signUp({ creator: true });
const rival = await signUp({ creator: true });
const visitor = await signUp();

const startsIn = (seconds: number) => {
  const startsAt = new Date(clock.now().getTime() + seconds * 1000);
  return { startsAt: startsAt.toISOString(), endsAt: new Date(startsAt.getTime() + 3_600_000).toISOString() };
};

/** All that a list holds, a row a page. */
async function walk(url: string, viewer?: typeof creator, key = 'eventId'): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor = ''; ids.length < 50; ) {
    const page = (await get(`${url}?limit=1${cursor}`, viewer)).json();
    ids.push(...page.items.map((item: Record<string, string>) => item[key]));
    if (page.nextCursor === null) return ids;
    cursor = `&cursor=${page.nextCursor}`;
  }
  throw new Error(`${url} does not end`);
}

test('an event that is still to come stands before none that has begun, and takes its place from its start', async () => {
  const yesterday = await createEvent(creator, { visibility: 'public', ...startsIn(-86_400) });
  const ahead = [];
  for (const seconds of [60, 86_400, 700 * 86_400]) {
    ahead.push((await createEvent(rival, { visibility: 'public', ...startsIn(seconds) })).eventId);
  }
  for (const viewer of [undefined, visitor, creator]) {
    expect(await walk('/v1/events', viewer)).toEqual([yesterday.eventId]);
  }
  // Whoever makes it sees it, and whoever is given its address.
  expect(await walk('/v1/events', rival)).toEqual([...ahead.toReversed(), yesterday.eventId]);
  for (const eventId of ahead) expect((await get(`/v1/events/${eventId}`)).status).toBe(200);
  clock.advance(60);
  expect(await walk('/v1/events')).toEqual([ahead[0], yesterday.eventId]);
});

test('events that start together are paged once each, also when one begins meanwhile', async () => {
  const start = startsIn(0);
  const together = [];
  for (let count = 0; count < 5; count++)
    together.push((await createEvent(creator, { visibility: 'public', ...start })).eventId);
  const next = await createEvent(rival, { visibility: 'public', ...startsIn(5) });
  const before = (await walk('/v1/events')).slice(0, 5);
  expect(before.toSorted()).toEqual(together.toSorted());
  const first = (await get('/v1/events?limit=2')).json();
  clock.advance(5);
  const second = (await get(`/v1/events?limit=3&cursor=${first.nextCursor}`)).json();
  const seen = [...first.items, ...second.items].map(({ eventId }: { eventId: string }) => eventId);
  expect(seen).toEqual(before);
  expect((await walk('/v1/events'))[0]).toBe(next.eventId);
});

test.each([
  ['starts in more than two years', startsIn(732 * 86_400), 'EVENT_TOO_FAR_AHEAD'],
  ['lasts longer than a year', { endsAt: '2027-05-03T00:00:00Z' }, 'EVENT_TOO_LONG'],
])('an event that %s is refused', async (_what, times, code) => {
  const run = { name: 'Run', startsAt: '2026-05-01T00:00:00Z', endsAt: '2026-05-01T06:00:00Z', timeZone: 'UTC' };
  const reply = await send('POST', '/v1/events', creator, { ...run, ...times });
  expect(reply.json()).toMatchObject({ status: 400, code });
});

test('nobody comes first among the photos of an event by a clock that runs ahead, by none, or by sending late', async () => {
  const event = { startsAt: '2026-05-20T00:00:00Z', endsAt: '2026-05-20T06:00:00Z' };
  const { eventId } = await createEvent(creator, { visibility: 'public', ...event });
  const of = (capturedLocal?: string) =>
    publish({
      creatorId: creator.accountId,
      eventId,
      ...(capturedLocal === undefined ? {} : { capturedLocal, capturedOffset: '+00:00' }),
    });
  const honest = await of('2026-05-20T06:30:00');
  const ahead = await of('2026-06-01T20:00:00');
  const without = await of();
  const early = await of('2026-05-20T01:00:00');
  expect((await walk(`/v1/events/${eventId}/photos`, visitor, 'photoId'))[0]).toBe(honest);
  expect((await walk(`/v1/events/${eventId}/photos`, visitor, 'photoId')).at(-1)).toBe(early);
  for (const photoId of [ahead, without]) {
    expect((await get(`/v1/photos/${photoId}`)).json()).toMatchObject({
      capturedAt: '2026-05-20T06:00:00.000Z',
      capturedFrom: { source: 'upload' },
    });
  }
});

test('no photo was taken after it was sent', async () => {
  const { eventId } = await createEvent(creator, { visibility: 'public', ...startsIn(-60) });
  const now = clock.now();
  const capturedLocal = new Date(now.getTime() + 3600_000).toISOString().slice(0, 19);
  const photoId = await publish({ creatorId: creator.accountId, eventId, capturedLocal, capturedOffset: '+00:00' });
  expect((await get(`/v1/photos/${photoId}`)).json()).toMatchObject({ capturedAt: now.toISOString() });
});

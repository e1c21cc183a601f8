import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { startCatalogue } from './testing/start-catalogue.ts';

const { system, publish, recognise, createEvent, get, send, signUp } = await startCatalogue();
const database = new pg.Client({ connectionString: system.databaseUrls.photo });
await database.connect();
afterAll(async () => {
  await database.end();
  await system.close();
});
const creator = await signUp({ creator: true });
const member = await signUp();
const { eventId } = await createEvent(creator, { visibility: 'public' });

const oddTimes = ['infinity', '294276-12-31Z', '10000-01-01Z', '0044-03-15 BC', '4713-11-25 BC', '-infinity'];

/** What a list holds, one row a page. */
async function readAll<Item>(url: string, viewer?: typeof creator): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor = ''; items.length < 100; ) {
    const reply = await get(`${url}?limit=1${cursor}`, viewer);
    expect(reply.status, reply.body).toBe(200);
    const page: { items: Item[]; nextCursor: string | null } = reply.json();
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = `&cursor=${page.nextCursor}`;
  }
  throw new Error(`${url} does not end`);
}

test('an event whose row holds any time and text is listed for its owner, from its start for everyone, and every other one beside it', async () => {
  const ids = oddTimes.map(() => randomUUID());
  // A shared v1 id of nobody's making is one too.
  ids.push('11111111-1111-1111-1111-111111111111');
  for (const [index, id] of ids.entries()) {
    await database.query(
      `insert into events (event_id, owner_id, name, starts_at, ends_at, time_zone, place, visibility, share_token, retention_days, created_at)
       values ($1, $2, $3, $4, $4, $5, $6, 'public', 's', $7, $4)`,
      [
        id,
        creator.accountId,
        'Run \u202e\u0001\u2066',
        oddTimes[index] ?? 'infinity',
        'Nowhere/\u0007',
        '\u200b',
        2_147_483_647,
      ],
    );
    await database.query('insert into event_creators (event_id, creator_id) values ($1, $2)', [id, creator.accountId]);
  }
  for (const viewer of [undefined, creator]) {
    const listed = await readAll<{ eventId: string }>('/v1/events', viewer);
    const isAhead = (index: number) =>
      ['infinity', '294276-12-31Z', '10000-01-01Z'].includes(oddTimes[index] ?? 'infinity');
    const expected = ids.filter((_, index) => viewer === creator || !isAhead(index));
    expect(listed.map((event) => event.eventId).sort()).toEqual([...expected, eventId].sort());
    for (const id of ids) {
      expect((await get(`/v1/events/${id}`, viewer)).status).toBe(200);
      expect((await get(`/v1/events/${id}/photos`, viewer)).status).toBe(200);
    }
  }
});

test('a photo whose row holds any number and time is shown in every list that holds it', async () => {
  const photoIds = [];
  for (const at of oddTimes) {
    const photoId = await publish({ creatorId: creator.accountId, eventId });
    photoIds.push(photoId);
    await recognise(photoId, [{ photoId, memberId: member.accountId }]);
    for (const kind of ['cart', 'wishlist', 'favourites'])
      expect((await send('PUT', `/v1/${kind}/${photoId}`, member)).statusCode).toBe(204);
    await database.query(
      `update photos set captured_at = $2, uploaded_at = $2, price_idr = 9223372036854775807, size_bytes = 9223372036854775807,
       latitude = 'NaN', longitude = 'infinity', title = '', description = E'\\u0001\\u202E', camera = E'\\u0007' where photo_id = $1`,
      [photoId, at],
    );
    await database.query(
      `update matches set distance = 'NaN', false_match_rate = 0, box_left = 'infinity', box_top = 'NaN', sharpness = 'NaN',
       exposure = 'infinity', eye_distance_px = 'NaN' where photo_id = $1`,
      [photoId],
    );
    await database.query('update collections set added_at = $2 where photo_id = $1', [photoId, at]);
  }
  const lists = ['/v1/explore', '/v1/cart', '/v1/wishlist', '/v1/favourites'].map((url) => [url, member] as const);
  for (const [url, viewer] of [
    ...lists,
    ['/v1/creator/photos', creator],
    [`/v1/events/${eventId}/photos`, undefined],
  ] as const) {
    const listed = await readAll<{ photoId: string; priceIdr: number }>(url, viewer);
    expect(listed.map(({ photoId }) => photoId).sort(), url).toEqual([...photoIds].sort());
    expect(listed[0]?.priceIdr).toBe(Number.MAX_SAFE_INTEGER);
  }
  for (const photoId of photoIds) expect((await get(`/v1/photos/${photoId}`, member)).status).toBe(200);
  const sides = [0, -1, 2_147_483_647, -2_147_483_648, null, 1];
  for (const [index, photoId] of photoIds.entries()) {
    const [width, height] = [sides[index], sides.at(-index)];
    await database.query(
      'update photos set width = $2, height = $3, thumbhash = $4, sold_count = -1 where photo_id = $1',
      [photoId, width, height, index === 0 ? Buffer.alloc(0) : null],
    );
  }
  for (const [url, viewer] of [
    [`/v1/events/${eventId}`, undefined],
    [`/v1/events/${eventId}`, member],
    ['/v1/creator', creator],
  ] as const) {
    const { total, segments } = (await get(`${url}/timeline`, viewer)).json();
    expect([total, segments.length]).toEqual([photoIds.length, 1]);
    for (const asked of ['', `?segment=${segments[0].segment}&links=true`]) {
      const reply = await get(`${url}/columns${asked}`, viewer);
      expect(reply.status, reply.body).toBe(200);
      const columns = reply.json();
      expect([...columns.photoIds].sort()).toEqual([...photoIds].sort());
      for (const ratio of columns.ratios) expect(ratio).toBeGreaterThan(0);
    }
  }
  for (const url of ['/v1/explore/events', '/v1/explore/counts']) expect((await get(url, member)).status).toBe(200);
  for (const url of ['/v1/creator/events', '/v1/creator/counts']) expect((await get(url, creator)).status).toBe(200);
  expect((await send('POST', '/v1/photos/links', member, { photoIds })).statusCode).toBe(200);
});

test('an event is refused whose times, in UTC and with its retention, leave the years 1900 to 2200', async () => {
  const refused = [
    { endsAt: '9999-12-31T23:59:59Z' },
    { startsAt: '9999-12-31T23:00:00-14:00', endsAt: '9999-12-31T23:59:59-14:00' },
    { startsAt: '0001-01-01T00:00:00+14:00' },
    { startsAt: '1899-12-31T23:59:59Z' },
    { startsAt: '1900-01-01T00:00:00+07:00' },
    { endsAt: '2200-12-31T00:00:00Z', retentionDays: 1 },
    { endsAt: '2200-12-01T00:00:00Z', retentionDays: 365 },
    { endsAt: 'infinity' },
    { endsAt: '2026-02-30T00:00:00Z' },
    { startsAt: 'now', endsAt: '' },
    { retentionDays: 1e9 },
    { retentionDays: 1e308 },
  ];
  for (const odd of refused) {
    const payload = {
      name: 'Run',
      startsAt: '2026-05-01T00:00:00Z',
      endsAt: '2026-05-02T00:00:00Z',
      timeZone: 'UTC',
      ...odd,
    };
    const reply = await send('POST', '/v1/events', creator, payload);
    expect(reply.statusCode, JSON.stringify(odd)).toBe(400);
    expect(reply.json().code).toBe('REQUEST_INVALID');
  }
  const taken = {
    startsAt: '1900-01-01T00:00:00Z',
    endsAt: '1901-01-01T00:00:00Z',
    retentionDays: 1,
    visibility: 'public',
  };
  const payload = { name: 'A long run', timeZone: 'UTC', ...taken };
  expect((await send('POST', '/v1/events', creator, payload)).statusCode).toBe(201);
  expect((await get('/v1/events')).status).toBe(200);
});

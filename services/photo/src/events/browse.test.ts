import { query } from '@kilas/testkit/query.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, expect, test } from 'vitest';
import { smallImages, startCatalogue } from '../testing/start-catalogue.ts';

const { system, publish, recognise, createEvent, get, send, signUp } = await startCatalogue();
afterAll(() => system.close());
const creator = await signUp({ creator: true });
const creatorId = creator.accountId;
const member = await signUp();

interface Shown {
  readonly total: number;
  readonly segments: readonly { segment: string; count: number; newestAt: string; oldestAt: string }[];
}

const timelineOf = async (eventId: string, viewer?: typeof member, share = ''): Promise<Shown> =>
  (await get(`/v1/events/${eventId}/timeline${share}`, viewer)).json();
const columnsOf = async (eventId: string, query: string, viewer?: typeof member) =>
  (await get(`/v1/events/${eventId}/columns${query}`, viewer)).json();
const idsOf = async (eventId: string, viewer?: typeof member, share = ''): Promise<string[]> => {
  const { segments } = await timelineOf(eventId, viewer, share);
  const pages = segments.map(({ segment }) =>
    columnsOf(eventId, `${share === '' ? '?' : `${share}&`}segment=${segment}`, viewer),
  );
  return (await Promise.all(pages)).flatMap(({ photoIds }) => photoIds);
};

/** Photos on sale, a second apart; `n` of the last one is the newest. */
const fill = (eventId: string, { from, to }: { from: number; to: number }) =>
  query(
    system.databaseUrls.photo,
    `insert into photos (photo_id, creator_id, event_id, title, description, price_idr, sale, sha256, size_bytes, format, original_key,
        status, width, height, preview_key, thumbnail_key, captured_at, uploaded_at)
      select gen_random_uuid(), $1, $2, '', '', 1, 'shared', 'a', 1, 'jpeg', 'k', 'on_sale', 400, 300, 'p', 't',
        timestamptz '2026-05-01' + n / 3 * interval '1 second', now()
      from generate_series($3::int, $4::int) n`,
    [creatorId, eventId, from, to],
  );

test('the segments of a timeline hold a thousand photos each at most, every photo once, newest first', async () => {
  const { eventId } = await createEvent(creator, { visibility: 'public' });
  await fill(eventId, { from: 1, to: 2_345 });
  const { total, segments } = await timelineOf(eventId, member);
  expect([total, ...segments.map(({ count }) => count)]).toEqual([2_345, 345, 1_000, 1_000]);
  const expected = await query(
    system.databaseUrls.photo,
    'select photo_id, captured_at from photos where event_id = $1 order by captured_at desc, photo_id desc',
    [eventId],
  );
  expect(await idsOf(eventId, member)).toEqual(expected.map(({ photo_id }) => photo_id));
  const times = expected.map(({ captured_at }) => (captured_at instanceof Date ? captured_at.toISOString() : ''));
  expect(segments.map(({ newestAt, oldestAt }) => [newestAt, oldestAt])).toEqual([
    [times[0], times[344]],
    [times[345], times[1_344]],
    [times[1_345], times[2_344]],
  ]);
});

test('photos that come later are in the segments that are there, and full segments stay what they are', async () => {
  const { eventId } = await createEvent(creator, { visibility: 'public' });
  await fill(eventId, { from: 4, to: 2_003 });
  const before = await timelineOf(eventId, member);
  await fill(eventId, { from: 2_004, to: 2_006 });
  await fill(eventId, { from: 1, to: 1 });
  const [newest, oldest] = before.segments.map(({ segment }) => columnsOf(eventId, `?segment=${segment}`, member));
  expect((await newest).photoIds).toHaveLength(1_003);
  expect((await oldest).photoIds).toHaveLength(1_001);
  await query(system.databaseUrls.photo, `delete from photos where event_id = $1 and captured_at = '2026-05-01'`, [
    eventId,
  ]);
  const isNew = async () => (await timelineOf(eventId, member)).total === 2_003;
  await waitFor(isNew, { what: 'the timeline to be made anew' });
  const after = await timelineOf(eventId, member);
  expect(after.segments.at(-1)).toEqual(before.segments.at(-1));
  expect(after.segments.map(({ count }) => count)).toEqual([3, 1_000, 1_000]);
});

test('a segment answers two thousand photos at most', async () => {
  const { eventId } = await createEvent(creator, { visibility: 'public' });
  await fill(eventId, { from: 1, to: 1 });
  const [only] = (await timelineOf(eventId, member)).segments;
  await fill(eventId, { from: 2, to: 2_001 });
  expect((await columnsOf(eventId, `?segment=${only?.segment}`, member)).photoIds).toHaveLength(2_000);
});

test('columns say of each photo what a grid needs, and give links with the first screen', async () => {
  const { eventId } = await createEvent(creator, { visibility: 'public' });
  await fill(eventId, { from: 1, to: 70 });
  const newest = await publish({ creatorId, eventId, capturedLocal: '2026-05-01T09:00:00' });
  await query(system.databaseUrls.photo, 'update photos set width = 1, height = 30000 where photo_id = $1', [newest]);
  const first = await columnsOf(eventId, '');
  expect(Object.keys(first).toSorted()).toEqual(['capturedAt', 'links', 'photoIds', 'ratios', 'thumbhashes']);
  const { photoIds, ratios, thumbhashes, capturedAt, links } = first;
  for (const column of [photoIds, ratios, thumbhashes, capturedAt, links.thumbnailUrls, links.thumbnailSmallUrls])
    expect(column).toHaveLength(60);
  expect([photoIds[0], ratios[0], ratios[1]]).toEqual([newest, 0.001, 1.333]);
  expect(thumbhashes[0]).toBe(Buffer.from(smallImages.thumbhash).toString('base64'));
  expect([thumbhashes[1], capturedAt[0]]).toEqual([null, '2026-05-01T02:00:00.000Z']);
  const { thumbnailUrl, thumbnailSmallUrl } = (await get(`/v1/photos/${newest}`)).json();
  expect([links.thumbnailUrls[0], links.thumbnailSmallUrls[0]]).toEqual([thumbnailUrl, thumbnailSmallUrl]);
  expect(await columnsOf(eventId, '?links=false')).not.toHaveProperty('links');
  const [segment] = (await timelineOf(eventId)).segments;
  expect(await columnsOf(eventId, `?segment=${segment?.segment}`)).not.toHaveProperty('links');
  const linked = await columnsOf(eventId, `?segment=${segment?.segment}&links=true`);
  expect(linked.links.thumbnailUrls).toHaveLength(71);
});

test('timeline and columns hold what their viewer may browse, and nothing that is hidden', async () => {
  const { eventId } = await createEvent(creator);
  const other = await signUp({ creator: true });
  await send('POST', `/v1/events/${eventId}/creators`, creator, { creatorId: other.accountId });
  await send('POST', `/v1/creator/invitations/${eventId}/accept`, other);
  const at = (hour: number, by = creatorId) =>
    publish({ creatorId: by, eventId, capturedLocal: `2026-05-01T0${hour}:00:00` });
  const [found, theirs, hidden, kept] = [await at(7), await at(8, other.accountId), await at(9), await at(6)];
  for (const photoId of [found, kept]) await recognise(photoId, [{ photoId, memberId: member.accountId }]);
  await recognise(theirs, [{ photoId: theirs, memberId: member.accountId, level: 1, falseMatchRate: 1 }]);
  await send('PUT', `/v1/favourites/${kept}`, member);
  await send('PATCH', `/v1/photos/${hidden}`, creator, { hidden: true });
  expect(await idsOf(eventId, member)).toEqual([found, kept]);
  expect(await idsOf(eventId, other)).toEqual([theirs]);
  expect(await idsOf(eventId, creator)).toEqual([found, kept]);
  expect((await columnsOf(eventId, '', member)).photoIds).toEqual([found, kept]);
  const [whole] = (await timelineOf(eventId, creator)).segments;
  expect((await columnsOf(eventId, `?segment=${whole?.segment}`, other)).photoIds).toEqual([theirs]);
  for (const list of ['timeline', 'columns']) {
    expect((await get(`/v1/events/${eventId}/${list}`)).json().code).toBe('EVENT_NOT_FOUND');
    expect((await get(`/v1/events/${eventId}/${list}`, await signUp())).json().code).toBe('EVENT_NOT_FOUND');
  }
});

test('the link of an unlisted event opens its timeline and columns, for who has it alone', async () => {
  const { eventId, shareToken } = await createEvent(creator, { visibility: 'unlisted' });
  const photoId = await publish({ creatorId, eventId });
  for (const viewer of [undefined, member]) {
    expect(await idsOf(eventId, viewer, `?share=${shareToken}`)).toEqual([photoId]);
    for (const share of ['', '?share=wrong'])
      for (const list of ['timeline', 'columns'])
        expect((await get(`/v1/events/${eventId}/${list}${share}`, viewer)).status).toBe(404);
  }
});

test('a hidden photo leaves the columns at once for who is signed in, and within seconds for visitors', async () => {
  const { eventId } = await createEvent(creator, { visibility: 'public' });
  const photoId = await publish({ creatorId, eventId });
  expect((await columnsOf(eventId, '')).photoIds).toEqual([photoId]);
  expect(await timelineOf(eventId)).toMatchObject({ total: 1 });
  await send('PATCH', `/v1/photos/${photoId}`, creator, { hidden: true });
  expect((await columnsOf(eventId, '', member)).photoIds).toEqual([]);
  await waitFor(async () => (await columnsOf(eventId, '')).photoIds.length === 0, { what: 'the photo to be gone' });
  await waitFor(async () => (await timelineOf(eventId)).total === 0, { what: 'the count to be gone' });
  expect(await timelineOf(eventId)).toEqual({ total: 0, segments: [] });
});

test.each(['%%', 'W10', Buffer.from('[["now","x"],[]]').toString('base64url'), 'a'.repeat(401)])(
  'a segment of no timeline (%s) is refused',
  async (segment) => {
    const { eventId } = await createEvent(creator, { visibility: 'public' });
    const reply = await columnsOf(eventId, `?segment=${segment}`);
    expect(reply).toMatchObject({ status: 400, code: 'REQUEST_INVALID', errors: [{ path: '/segment' }] });
  },
);

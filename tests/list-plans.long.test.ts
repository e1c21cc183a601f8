import { query } from '@kilas/testkit/query.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import {
  type Cast,
  fillPhoto,
  fillTransaction,
  fillUpload,
  fillUser,
  largeEvent,
  publicEvent,
  rowCount,
  shareToken,
  unlistedEvent,
} from './list-plans-rows.ts';
import { type Reads, readsOf, type Statement, statementsOf } from './rows-read.ts';

/** Rows that all statements of a request may read for each one that it shows. */
const rowsPerItemMax = 20;
/** Pages of tables and indexes: what an index passes over without a row is not counted as one. */
const blocksPerItemMax = 100;
const pageSize = 24;

/** Rows of a timeline or of columns: a photo, and where the viewer sees it by matches and lists, what lets them. */
const rowsPerPhotoMax = 5;

const timelineReply = z.object({ total: z.number(), segments: z.array(z.object({ segment: z.string() })) });
const columnsReply = z.object({ photoIds: z.array(z.string()) });
const page = z.object({
  items: z.array(z.looseObject({ matchCount: z.number().optional() })),
  nextCursor: z.string().nullable(),
});
const documented = z.object({ paths: z.record(z.string(), z.object({ get: z.unknown().optional() })) });
const listReply = z.object({
  responses: z.object({
    200: z.object({
      content: z.object({
        'application/json': z.object({
          schema: z.object({ properties: z.object({ items: z.unknown(), nextCursor: z.object({}) }) }),
        }),
      }),
    }),
  }),
});

/** Printed at the end: what each page read. */
const measurements: string[] = [];
let system: TestSystem;
let people: { member: Member; latecomer: Member; guest: Member; creator: Member; stranger: Member };

type Asking = keyof typeof people | 'visitor';

/** Every list, as those ask for it to whom it is different. */
const lists: Readonly<Record<string, readonly (readonly [who: Asking, url: string])[]>> = {
  '/v1/events': [
    ['visitor', '/v1/events'],
    ['member', '/v1/events'],
    ['creator', '/v1/events'],
  ],
  '/v1/events/{eventId}/photos': [
    ['member', `/v1/events/${largeEvent}/photos`],
    ['latecomer', `/v1/events/${largeEvent}/photos`],
    ['guest', `/v1/events/${largeEvent}/photos`],
    ['creator', `/v1/events/${largeEvent}/photos`],
    ['visitor', `/v1/events/${publicEvent}/photos`],
    ['member', `/v1/events/${publicEvent}/photos`],
    ['creator', `/v1/events/${publicEvent}/photos`],
    ['stranger', `/v1/events/${unlistedEvent}/photos?share=${shareToken}`],
    ['visitor', `/v1/events/${unlistedEvent}/photos?share=${shareToken}`],
  ],
  '/v1/explore': [
    ['member', '/v1/explore'],
    ['latecomer', '/v1/explore'],
    ['guest', '/v1/explore'],
    ['member', `/v1/explore?eventId=${largeEvent}`],
    ['member', '/v1/explore?creatorId={creator}'],
    ['latecomer', '/v1/explore?creatorId={creator}'],
    ['member', '/v1/explore?from=2020-06-01T00:00:00Z&to=2020-09-01T00:00:00Z'],
    ['member', '/v1/explore?levelMin=9'],
    ['latecomer', '/v1/explore?levelMin=9'],
  ],
  '/v1/explore/events': [
    ['member', '/v1/explore/events'],
    ['latecomer', '/v1/explore/events'],
    ['guest', '/v1/explore/events'],
  ],
  '/v1/explore/questions': [
    ['member', '/v1/explore/questions'],
    ['latecomer', '/v1/explore/questions'],
  ],
  '/v1/explore/rejected': [
    ['member', '/v1/explore/rejected'],
    ['latecomer', '/v1/explore/rejected'],
  ],
  '/v1/cart': [
    ['member', '/v1/cart'],
    ['latecomer', '/v1/cart'],
  ],
  '/v1/wishlist': [
    ['member', '/v1/wishlist'],
    ['latecomer', '/v1/wishlist'],
  ],
  '/v1/favourites': [
    ['member', '/v1/favourites'],
    ['latecomer', '/v1/favourites'],
  ],
  '/v1/creator/photos': [
    ['creator', '/v1/creator/photos'],
    ['creator', `/v1/creator/photos?eventId=${largeEvent}`],
    ['creator', `/v1/creator/photos?eventId=${publicEvent}`],
    ['creator', '/v1/creator/photos?eventId=none'],
    ...['raw', 'on_sale', 'hidden', 'failed', 'removed', 'sold'].flatMap((state) =>
      ['', `&eventId=${largeEvent}`, '&eventId=none'].map(
        (event) => ['creator', `/v1/creator/photos?state=${state}${event}`] as const,
      ),
    ),
  ],
  '/v1/creator/events': [['creator', '/v1/creator/events']],
  '/v1/creator/invitations': [['creator', '/v1/creator/invitations']],
  '/v1/orders': [['member', '/v1/orders']],
  '/v1/purchases': [['member', '/v1/purchases']],
  '/v1/wallet/entries': [['creator', '/v1/wallet/entries']],
  '/v1/me/notifications': [['member', '/v1/me/notifications']],
  '/v1/me/sessions': [['member', '/v1/me/sessions']],
  '/v1/facecams': [['member', '/v1/facecams']],
};

beforeAll(async () => {
  system = await startSystem({ services: ['user', 'photo', 'transaction', 'upload'], isWorking: false });
  people = {
    member: await signUpMember(system),
    latecomer: await signUpMember(system),
    guest: await signUpMember(system),
    creator: await signUpMember(system, { creator: true }),
    stranger: await signUpMember(system),
  };
  const { member, latecomer, guest, creator } = people;
  const cast: Cast = {
    member: member.accountId,
    latecomer: latecomer.accountId,
    guest: guest.accountId,
    creator: creator.accountId,
  };
  const { photo, transaction, user, upload } = system.databaseUrls;
  await fillPhoto(photo, cast);
  await fillTransaction(transaction, cast);
  await fillUser(user, cast);
  await fillUpload(upload, cast);
}, 600_000);

afterAll(async () => {
  process.stdout.write(`${measurements.join('\n')}\n`);
  await system?.close();
});

test('the tables hold what the rule is about, and every list route of the API is asked for', async () => {
  const { photo, transaction, user, upload } = system.databaseUrls;
  const tables = {
    [photo]: [
      'photos',
      'matches',
      'collections',
      'events',
      'event_creators',
      'event_invitations',
      'galleries',
      'bought_photos',
      'reserved_photos',
    ],
  };
  Object.assign(tables, { [transaction]: ['orders', 'order_items', 'licences', 'entries', 'postings'] });
  Object.assign(tables, { [user]: ['sessions', 'notifications'], [upload]: ['facecams'] });
  for (const [url, names] of Object.entries(tables)) {
    for (const name of names) {
      const [row] = await query(url, `select count(*)::int as count from ${name}`);
      expect(row?.count, name).toBeGreaterThanOrEqual(rowCount);
    }
  }
  const { paths } = documented.parse(system.app.swagger());
  const listPaths = Object.entries(paths).flatMap(([path, { get }]) =>
    listReply.safeParse(get).success ? [path] : [],
  );
  expect(listPaths.sort()).toEqual(Object.keys(lists).sort());
});

test.each(Object.values(lists).flat())(
  'as %s, %s reads few rows for each that it shows, on every page',
  async (who, path) => {
    const url = path.replace('{creator}', people.creator.accountId);
    const first = await measure(who, url);
    expect(first.items).toBeGreaterThan(0);
    expect(faultsOf(first), first.report).toEqual([]);
    const { second, last } = await cursorsOf(who, url);
    for (const cursor of [second, last]) {
      if (cursor === undefined) continue;
      const later = await measure(who, withQuery(url, { cursor }));
      expect(faultsOf(later), later.report).toEqual([]);
    }
  },
);

test.each([
  ['visitor', `/v1/events/${publicEvent}`, ''],
  ['stranger', `/v1/events/${unlistedEvent}`, `share=${shareToken}`],
  ['creator', `/v1/events/${largeEvent}`, ''],
  ['creator', '/v1/creator', ''],
  ['creator', '/v1/creator', `state=on_sale&eventId=${largeEvent}`],
  ['creator', '/v1/creator', 'state=sold'],
  ['creator', '/v1/creator', 'eventId=none'],
  ['member', `/v1/events/${largeEvent}`, ''],
  ['latecomer', `/v1/events/${largeEvent}`, ''],
  ['guest', `/v1/events/${largeEvent}`, ''],
] as const)(
  'as %s, the timeline of %s reads what it counts, and its columns what they show',
  async (who, path, query) => {
    const shown = (body: z.output<typeof columnsReply>) => body.photoIds.length;
    const { body, ...whole } = await measureAs(who, `${path}/timeline?${query}`, timelineReply, ({ total }) => total);
    expect(body.total).toBeGreaterThan(0);
    expect(whole.rows, whole.report).toBeLessThanOrEqual(rowsPerPhotoMax * body.total + rowsPerItemMax);
    const first = await measureAs(who, `${path}/columns?${query}`, columnsReply, shown);
    expect(faultsOf(first), first.report).toEqual([]);
    for (const at of [0, 1, -2, -1]) {
      const segment = body.segments.at(at)?.segment ?? body.segments[0]?.segment;
      const page = await measureAs(who, `${path}/columns?${query}&segment=${segment}`, columnsReply, shown);
      expect(page.rows, page.report).toBeLessThanOrEqual(rowsPerPhotoMax * page.items + rowsPerItemMax);
    }
  },
);

test.each([
  ['photos_newest_in_event', 'visitor', `/v1/events/${publicEvent}/photos?limit=23`],
  ['matches_newest', 'member', '/v1/explore'],
  ['events_newest_public', 'visitor', '/v1/events'],
] as const)('without the index %s the rule is seen to be broken', async (index, who, url) => {
  await query(system.databaseUrls.photo, `drop index ${index}`);
  const measured = await measure(who, url);
  expect(faultsOf(measured)).not.toEqual([]);
});

interface Measured extends Reads {
  readonly items: number;
  readonly report: string;
}

function faultsOf({ items, rows, blocks }: Measured): string[] {
  const shown = Math.max(1, items);
  return [
    ...(rows > rowsPerItemMax * shown ? [`${rows} rows for ${items}`] : []),
    ...(blocks > blocksPerItemMax * shown ? [`${blocks} blocks for ${items}`] : []),
  ];
}

function measure(who: Asking, url: string): Promise<Measured> {
  // What counts photos shows as many.
  const shown = ({ items }: z.output<typeof page>) => items.reduce((sum, { matchCount = 1 }) => sum + matchCount, 0);
  return measureAs(who, limited(url), page, shown);
}

/** What the answer's statements read, and how many things it shows. */
async function measureAs<Body>(
  who: Asking,
  url: string,
  schema: z.ZodType<Body>,
  countOf: (body: Body) => number,
): Promise<Measured & { body: Body }> {
  const answers: Body[] = [];
  const statements = await statementsOf(Object.values(system.databaseUrls), async () => {
    answers.push(await ask(who, url, schema));
  });
  const [body] = answers;
  if (body === undefined) throw new Error(`no answer of ${url}`);
  const items = countOf(body);
  const reads: (Reads & Statement)[] = [];
  for (const statement of statements) reads.push({ ...statement, ...(await readsOf(statement)) });
  const sum = (pick: (read: Reads) => number) => reads.reduce((total, read) => total + pick(read), 0);
  const measured = { items, rows: sum(({ rows }) => rows), blocks: sum(({ blocks }) => blocks) };
  const line = `${who} ${url}: ${measured.items} items, ${measured.rows} rows, ${measured.blocks} blocks`;
  measurements.push(line);
  const report = [line, ...reads.map(({ rows, blocks, text }) => `${rows} rows, ${blocks} blocks: ${text}`)].join('\n');
  return { ...measured, report, body };
}

/** Where the second page begins, and the last one but a few. */
async function cursorsOf(who: Asking, url: string): Promise<{ second: string | undefined; last: string | undefined }> {
  const second = (await get(who, url)).nextCursor ?? undefined;
  let [cursor, last] = [second, second];
  for (let pages = 0; cursor !== undefined && pages < 40; pages++) {
    last = cursor;
    cursor = (await get(who, withQuery(url, { cursor, limit: '100' }))).nextCursor ?? undefined;
  }
  return { second, last };
}

function get(who: Asking, url: string) {
  return ask(who, limited(url), page);
}

function limited(url: string): string {
  return url.includes('limit=') || /me\/sessions|facecams/.test(url)
    ? url
    : withQuery(url, { limit: String(pageSize) });
}

async function ask<Body>(who: Asking, url: string, schema: z.ZodType<Body>): Promise<Body> {
  const reply = await system.app.inject({ url, headers: who === 'visitor' ? {} : people[who].headers });
  expect(reply.statusCode, reply.body).toBe(200);
  return schema.parse(reply.json());
}

function withQuery(url: string, query: Readonly<Record<string, string>>): string {
  return `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams(query)}`;
}

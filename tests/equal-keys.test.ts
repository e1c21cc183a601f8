import { newId } from '@kilas/platform/process/ids.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

/** Rows of each list; all say the same of what the list is sorted by. */
const rowCount = 7;
const [openEvent, closedEvent] = [newId(), newId()];
const shareToken = 's'.repeat(43);
/** In the order in which they are stored, the other way round than the lists show them. */
const ids = Array.from({ length: rowCount }, newId).sort();

const page = z.object({ items: z.array(z.record(z.string(), z.unknown())), nextCursor: z.string().nullable() });
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
const documented = z.object({ paths: z.record(z.string(), z.object({ get: z.unknown().optional() })) });

type Asking = 'member' | 'creator' | 'visitor';
type List = readonly [who: Asking, url: string, idOf: string];

const lists: Readonly<Record<string, readonly List[]>> = {
  '/v1/events': [['creator', '/v1/events', 'eventId']],
  '/v1/events/{eventId}/photos': [
    ['visitor', `/v1/events/${openEvent}/photos?share=${shareToken}`, 'photoId'],
    ['creator', `/v1/events/${openEvent}/photos`, 'photoId'],
    ['member', `/v1/events/${closedEvent}/photos`, 'photoId'],
  ],
  '/v1/explore': [['member', '/v1/explore', 'photoId']],
  '/v1/explore/events': [['member', '/v1/explore/events', 'eventId']],
  '/v1/explore/questions': [['member', '/v1/explore/questions', 'photoId']],
  '/v1/explore/rejected': [['member', '/v1/explore/rejected', 'photoId']],
  '/v1/cart': [['member', '/v1/cart', 'photoId']],
  '/v1/wishlist': [['member', '/v1/wishlist', 'photoId']],
  '/v1/favourites': [['member', '/v1/favourites', 'photoId']],
  '/v1/creator/photos': [
    ['creator', '/v1/creator/photos', 'photoId'],
    ['creator', `/v1/creator/photos?eventId=${openEvent}&state=on_sale`, 'photoId'],
  ],
  '/v1/creator/events': [['creator', '/v1/creator/events', 'eventId']],
  '/v1/creator/invitations': [['creator', '/v1/creator/invitations', 'eventId']],
  '/v1/orders': [['member', '/v1/orders', 'orderId']],
  '/v1/purchases': [['member', '/v1/purchases', 'photoId']],
  '/v1/wallet/entries': [['creator', '/v1/wallet/entries', 'photoId']],
  '/v1/me/notifications': [['member', '/v1/me/notifications', 'notificationId']],
  '/v1/me/sessions': [['member', '/v1/me/sessions', 'sessionId']],
  '/v1/facecams': [['member', '/v1/facecams', 'facecamId']],
};

/** One page holds them all: there is no cursor, but there is an order. */
const unpaged = ['/v1/me/sessions', '/v1/facecams'];

const services = ['user', 'photo', 'transaction', 'upload'] as const;
const clock = drivenClock();
let system: TestSystem;
let people: { member: Member; creator: Member };

beforeAll(async () => {
  system = await startSystem({ services, clock, isWorking: false });
  const member = await signUpMember(system);
  people = { member, creator: await signUpMember(system, { creator: true }) };
  await fill(member.accountId, people.creator.accountId);
  // Rows that are read in the order of an index have an order that nobody asked for.
  for (const service of services) await dropIndexes(service);
});

afterAll(() => system?.close());

test('every list route of the API is asked here', () => {
  const { paths } = documented.parse(system.app.swagger());
  const listPaths = Object.entries(paths).flatMap(([path, { get }]) =>
    listReply.safeParse(get).success ? [path] : [],
  );
  expect(Object.keys(lists).sort()).toEqual(listPaths.sort());
});

test.each(Object.values(lists).flat())(
  'as %s, %s shows all that have the same key once and in one order, however many come on a page',
  async (who, url, idOf) => {
    await moveAll(url.includes(closedEvent) ? closedEvent : openEvent);
    if (url === '/v1/explore/events') await moveApart();
    const isPaged = !unpaged.includes(url);
    const whole = await read(who, url, idOf, isPaged ? 100 : undefined);
    expect(whole.length).toBeGreaterThanOrEqual(5);
    expect(whole).toEqual([...whole].sort().reverse());
    if (!isPaged) return;
    expect(whole.length).toBeGreaterThanOrEqual(rowCount);
    for (const limit of [1, 3]) expect(await read(who, url, idOf, limit), `${limit} a page`).toEqual(whole);
  },
);

async function read(who: Asking, url: string, idOf: string, limit: number | undefined): Promise<string[]> {
  const headers = who === 'visitor' ? {} : people[who].headers;
  const seen: string[] = [];
  let cursor: string | null = '';
  for (let pages = 0; cursor !== null; pages++) {
    if (pages > 3 * rowCount) throw new Error(`${url} has no end`);
    const query = { ...(limit === undefined ? {} : { limit: String(limit) }), ...(cursor === '' ? {} : { cursor }) };
    const reply = await system.app.inject({
      url: `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams(query)}`,
      headers,
    });
    expect(reply.statusCode, reply.body).toBe(200);
    const { items, nextCursor } = page.parse(reply.json());
    seen.push(...items.map((item) => String(item[idOf])));
    cursor = nextCursor;
  }
  return seen;
}

/** Who sees which photos of an event by what right differs. */
const moveAll = (eventId: string) => run('photo', [`update photos set event_id = '${eventId}'`]);
/** Each of the photos into the event of its own id. */
const moveApart = () =>
  run('photo', ['update photos set event_id = photo_id where photo_id in (select event_id from events)']);

async function fill(member: string, creator: string): Promise<void> {
  const at = `'${clock.now().toISOString()}'::timestamptz`;
  const list = `unnest(array[${ids.map((id) => `'${id}'`).join()}]::uuid[]) with ordinality as t (id, n)`;
  const event = (id: string, name: string, visibility: string) =>
    `insert into events (event_id, owner_id, name, starts_at, ends_at, time_zone, visibility, share_token, retention_days, created_at)
      select ${id}, '${creator}', ${name}, ${at}, ${at}, 'Asia/Jakarta', '${visibility}', '${shareToken}', 60, ${at}`;
  const photo = (id: string, title: string) =>
    `insert into photos (photo_id, creator_id, event_id, title, description, price_idr, sale, sha256, size_bytes, format, original_key,
        status, preview_key, thumbnail_key, captured_at, uploaded_at)
      select ${id}, '${creator}', '${openEvent}', '${title}', '', 50000, 'shared', 'a', 1000, 'jpeg', 'k' || id, 'on_sale', 'p' || id, 't' || id, ${at}, ${at}
      from ${list}`;
  const match = (answer: string, isUnsure: boolean, title: string) =>
    `insert into matches (photo_id, member_id, facecam_id, consent_epoch, distance, level, false_match_rate, box_left, box_top, box_width, box_height,
        answer, is_unsure, found_at)
      select photo_id, '${member}', '${newId()}', 1, 0.4, 9, 1e-9, 0.1, 0.1, 0.2, 0.2, '${answer}', ${isUnsure}, ${at}
      from photos where title = '${title}' order by photo_id`;
  await run('photo', [
    event(`'${openEvent}'`, `'open'`, 'unlisted'),
    event(`'${closedEvent}'`, `'closed'`, 'matches'),
    `${event('id', `'run'`, 'public')} from ${list}`,
    `insert into event_creators (event_id, creator_id) select event_id, owner_id from events order by event_id`,
    `${event('gen_random_uuid()', `'other'`, 'matches').replace(`'${creator}'`, `'${member}'`)} from ${list}`,
    `insert into event_invitations (event_id, creator_id, invited_at) select event_id, '${creator}', ${at} from events
      where name = 'other' order by event_id`,
    photo('id', 'shown'),
    photo('gen_random_uuid()', 'asked'),
    photo('gen_random_uuid()', 'rejected'),
    match('suggested', false, 'shown'),
    match('suggested', true, 'asked'),
    match('rejected', false, 'rejected'),
    ...['cart', 'wishlist', 'favourites'].map(
      (kind) =>
        `insert into collections (member_id, kind, photo_id, added_at) select '${member}', '${kind}', id, ${at} from ${list}`,
    ),
  ]);
  const orderId = newId();
  const order = (id: string) =>
    `insert into orders (order_id, buyer_id, state, total_idr, photo_count, idempotency_key, request_hash, created_at, expires_at, closed_at, next_check_at)
      select ${id}, '${member}', 'paid', 50000, 1, 'key' || ${id}, 'hash', ${at}, ${at}, ${at}, ${at}`;
  await run('transaction', [
    `${order('id')} from ${list}`,
    order(`'${orderId}'`),
    `insert into order_items (order_id, photo_id, position, creator_id, title, sale, price_idr, commission_idr)
      select '${orderId}', id, n - 1, '${creator}', 'Photo', 'shared', 50000, 5000 from ${list}`,
    `insert into licences (licence_id, photo_id, buyer_id, creator_id, order_id, is_exclusive, granted_at)
      select id, id, '${member}', '${creator}', '${orderId}', false, ${at} from ${list}`,
    // They check every entry for itself.
    'alter table entries disable trigger user',
    'alter table postings disable trigger user',
    `insert into entries (entry_id, sequence, kind, source_id, posted_at, posting_count, previous_hash, hash)
      values ('${newId()}', 1, 'sale', '${orderId}', ${at}, ${rowCount}, 'a', 'b')`,
    // One sale of many photos is one entry; the last posting stands first.
    `insert into postings (entry_id, position, account, amount_idr, photo_id)
      select entry_id, ${rowCount} - n, 'creator:${creator}', -45000, id from entries, ${list}`,
  ]);
  await run('user', [
    `insert into sessions (id, account_id, user_agent, created_at, last_used_at, expires_at)
      select id, '${member}', '', ${at}, ${at}, ${at} + interval '1 day' from ${list}`,
    `insert into notifications (id, account_id, kind, data, created_at)
      select id, '${member}', 'photos_sold', '{"orderId": "${orderId}", "photoIds": [], "photoCount": 1}', ${at} from ${list}`,
  ]);
  await run('upload', [
    `insert into erased_members (member_id) values ('${member}')`,
    `insert into facecams (facecam_id, member_id, consent_epoch, sha256, state, is_selfie_kept, created_at)
      select id, '${member}', 1, 'sha' || id, 'ready', false, ${at} from ${list}`,
  ]);
}

async function dropIndexes(service: (typeof services)[number]): Promise<void> {
  await run(service, [
    `do $$ declare name text; begin
      for name in select c.oid::regclass::text from pg_class c join pg_index i on i.indexrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and not i.indisunique
      loop execute 'drop index ' || name; end loop; end $$`,
  ]);
}

async function run(service: (typeof services)[number], statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: system.databaseUrls[service] });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

import pg from 'pg';

/** Of each table that a list reads. */
export const rowCount = 200_000;

export interface Cast {
  /** Appears in 3,000 photos, bought 2,000, keeps 10,000 in lists. */
  readonly member: string;
  /** As the member, but PostgreSQL has not looked at the tables since: it takes what is theirs for as few rows as anybody's. */
  readonly latecomer: string;
  /** Appears in three photos of the large event. */
  readonly guest: string;
  /** Made 20,000 of the photos, 2,000 of the events and 2,000 sales, none of them among the newest; of the oldest a few in each state and without event. */
  readonly creator: string;
}

export const largeEvent = '00000000-0000-7000-8000-000000000001';
export const publicEvent = '00000000-0000-7000-8000-000000000002';
export const unlistedEvent = '00000000-0000-7000-8000-000000000003';
export const shareToken = 's'.repeat(43);

/** An id that is the same in every run; `n` is an expression of SQL. */
const idOf = (kind: number, n: string) =>
  `('${String(kind).padStart(8, '0')}-0000-7000-8000-' || lpad((${n})::text, 12, '0'))::uuid`;
/** The photos with their numbers. */
const numbered = `(select photo_id as number_of, right(photo_id::text, 12)::int as n from photos) numbers`;
/** Everybody else: 20,000 people. */
const someone = (n: string) => idOf(9, `(${n}) % 20000`);

/** What stands for one photo stands apart, as in life: few are bought, reserved and in every list at once. Events: nearly all are visible to those who were there alone, the public ones lie far apart. Half of the photos are of one event. */
export async function fillPhoto(url: string, { member, latecomer, guest, creator }: Cast): Promise<void> {
  const event =
    'event_id, owner_id, name, starts_at, ends_at, time_zone, visibility, share_token, retention_days, created_at';
  const day = (n: string) => `timestamptz '2020-01-01' + ${n} * interval '10 minutes'`;
  const match =
    'photo_id, member_id, facecam_id, consent_epoch, distance, level, false_match_rate, box_left, box_top, box_width, box_height, found_at';
  const face = '0.4, 9, 1e-9, 0.1, 0.1, 0.2, 0.2, now()';
  const ofMember = (memberId: string) => [
    // They said of the newest that they are not in them, are asked about those before, and appear in the rest.
    `insert into matches (${match}, answer, is_unsure)
      select ${idOf(2, 'n')}, '${memberId}', ${idOf(3, 'n % 5')}, 1, ${face},
        case when n > 150000 then 'rejected' else 'suggested' end, n between 120000 and 150000
      from generate_series(40, 180000, 40) n`,
    `insert into bought_photos (buyer_id, photo_id) select '${memberId}', ${idOf(2, 'n')} from generate_series(100001, 105000) n`,
    `insert into collections (member_id, kind, photo_id, added_at)
      select '${memberId}', case when n <= 5000 then 'wishlist' else 'favourites' end, ${idOf(2, 'n')}, ${day('n')}
      from generate_series(1, 10000) n`,
    `insert into collections (member_id, kind, photo_id, added_at)
      select '${memberId}', 'cart', ${idOf(2, 'n')}, ${day('n')} from generate_series(1, 200) n`,
  ];
  await run(url, [
    `insert into creators values ('${creator}', 'Creator', now()) on conflict do nothing`,
    `insert into events (${event})
      select ${idOf(1, 'n')}, case when n % 100 = 0 and n < 190000 then '${creator}' else ${someone('n')} end, 'Run ' || n,
        ${day('n')}, ${day('n')} + interval '2 hours', 'Asia/Jakarta',
        case when n % 1000 = 1 then 'public' else 'matches' end, 't' || n, 60, now()
      from generate_series(1, ${rowCount}) n`,
    `insert into events (${event})
      select id::uuid, ${someone('1')}, 'Large', ${day('1')}, ${day('2')}, 'Asia/Jakarta', visibility, '${shareToken}', 60, now()
      from (values ('${largeEvent}', 'matches'), ('${publicEvent}', 'public'), ('${unlistedEvent}', 'unlisted')) as e (id, visibility)`,
    `insert into event_creators (event_id, creator_id) select event_id, owner_id from events`,
    `insert into event_creators (event_id, creator_id) values ('${largeEvent}', '${creator}'), ('${publicEvent}', '${creator}')`,
    // The creator is invited to every hundredth event of others; they declined the newest.
    `insert into event_invitations (event_id, creator_id, invited_at, declined_at)
      select ${idOf(1, 'n')}, case when n % 100 = 1 then '${creator}' else ${someone('n + 7')} end, ${day('n')},
        case when n > 150000 then now() end from generate_series(1, ${rowCount}) n`,
    // The newest of the public and the unlisted event are hidden or not on sale.
    `insert into photos (photo_id, creator_id, event_id, title, description, price_idr, sale, sha256, size_bytes, format, original_key,
        status, is_hidden, preview_key, thumbnail_key, captured_at, uploaded_at)
      select ${idOf(2, 'n')}, case when n % 10 = 0 and n < 195000 then '${creator}' else ${someone('n % 3')} end,
        case when n % 4 < 2 then '${largeEvent}' when n % 4 = 2 then '${publicEvent}' when n % 8 = 3 then '${unlistedEvent}' else ${idOf(1, 'n')} end::uuid,
        'Photo ' || n, '', 50000, 'shared', 'a', 1000, 'jpeg', 'k' || n,
        case when n > 180000 and n % 3 = 0 then 'raw' when n > 180000 and n % 3 = 1 then 'removed' else 'on_sale' end,
        n > 180000, 'p' || n, 't' || n, ${day('n')}, ${day('n')}
      from generate_series(1, ${rowCount}) n`,
    // Of the creator's oldest, none of those that the member is in.
    `update photos set status = (array['raw', 'failed', 'removed'])[1 + n / 40 % 3], event_id = case when n > 1500 then event_id end
      from ${numbered} where number_of = photo_id and creator_id = '${creator}' and n < 4000 and n % 40 in (10, 20)`,
    `update photos set is_hidden = true, event_id = case when n > 6000 then event_id end
      from ${numbered} where number_of = photo_id and creator_id = '${creator}' and n between 4000 and 60000 and n % 40 = 10`,
    `update photos set event_id = null
      from ${numbered} where number_of = photo_id and creator_id = '${creator}' and n < 4000 and n % 40 = 30`,
    `insert into galleries (gallery_id, creator_id, face_count)
      select e.id::uuid, ${someone('n')}, 1000
      from (values ('${largeEvent}'), ('${publicEvent}'), ('${unlistedEvent}')) as e (id), generate_series(0, 9) n`,
    `insert into galleries (gallery_id, creator_id, face_count) select ${idOf(1, 'n')}, ${someone('n % 3')}, 100 from generate_series(1, ${rowCount}) n`,
    `insert into matches (${match}, is_unsure)
      select ${idOf(2, 'n')}, ${someone('n')}, ${idOf(3, 'n')}, 1, ${face}, n % 5 = 0 from generate_series(1, ${rowCount}) n`,
    `insert into matches (${match}) select ${idOf(2, 'n')}, '${guest}', ${idOf(3, '7')}, 1, ${face} from unnest(array[5, 400, 100001]) n`,
    `insert into matches (${match}) select ${idOf(2, 'n')}, '${creator}', ${idOf(3, '8')}, 1, ${face} from generate_series(10, 190000, 50) n`,
    `insert into bought_photos (buyer_id, photo_id) select ${someone('n')}, ${idOf(2, 'n')} from generate_series(1, ${rowCount}) n`,
    `insert into reserved_photos (order_id, photo_id, buyer_id, is_exclusive, held_until)
      select ${idOf(4, 'n')}, ${idOf(2, 'n')}, ${someone('n')}, n % 2 = 0, now() + (n % 3 - 1) * interval '1 hour' from generate_series(1, ${rowCount}) n`,
    `insert into collections (member_id, kind, photo_id, added_at)
      select ${someone('n')}, 'favourites', ${idOf(2, 'n')}, ${day('n')} from generate_series(1, ${rowCount}) n`,
    ...ofMember(member),
  ]);
  await run(url, ofMember(latecomer), { isAnalyzed: false });
}

/** Orders of forty photos each among the newest. */
export async function fillTransaction(url: string, { member, creator }: Cast): Promise<void> {
  const isMembers = 'n % 100 = 0 and n < 190000';
  const item = 'order_id, photo_id, position, creator_id, title, sale, price_idr, commission_idr';
  await run(url, [
    `insert into orders (order_id, buyer_id, state, total_idr, photo_count, idempotency_key, request_hash, created_at, expires_at, closed_at, next_check_at)
      select ${idOf(4, 'n')}, case when ${isMembers} then '${member}' else ${someone('n')} end, 'paid', 50000,
        case when n > 180000 then 40 else 1 end, 'key' || n, 'hash', now(), now(), now(), now()
      from generate_series(1, ${rowCount}) n`,
    `insert into order_items (${item}) select ${idOf(4, 'n')}, ${idOf(2, 'n')}, 0, '${creator}', 'Photo', 'shared', 50000, 5000
      from generate_series(1, ${rowCount}) n`,
    `insert into order_items (${item}) select ${idOf(4, 'n')}, ${idOf(5, 'k')}, k, '${creator}', 'Photo', 'shared', 50000, 5000
      from generate_series(180100, 189900, 100) n, generate_series(1, 39) k`,
    `insert into licences (licence_id, photo_id, buyer_id, creator_id, order_id, is_exclusive, granted_at)
      select ${idOf(6, 'n')}, ${idOf(2, 'n')}, case when ${isMembers} then '${member}' else ${someone('n')} end, '${creator}', ${idOf(4, 'n')}, false, now()
      from generate_series(1, ${rowCount}) n`,
    // They check every entry for itself.
    'alter table entries disable trigger user',
    'alter table postings disable trigger user',
    `insert into entries (entry_id, sequence, kind, source_id, posted_at, posting_count, previous_hash, hash)
      select ${idOf(7, 'n')}, n, 'sale', ${idOf(4, 'n')}, now(), 2, 'a', 'b' from generate_series(1, ${rowCount}) n`,
    `insert into postings (entry_id, position, account, amount_idr, photo_id)
      select ${idOf(7, 'n')}, 0, 'platform:cash', 50000, null from generate_series(1, ${rowCount}) n`,
    `insert into postings (entry_id, position, account, amount_idr, photo_id)
      select ${idOf(7, 'n')}, 1, 'creator:' || case when ${isMembers} then '${creator}' else ${someone('n')} end, -45000, ${idOf(2, 'n')}
      from generate_series(1, ${rowCount}) n`,
  ]);
}

/** Ended sessions, and notifications of which most are unread. */
export async function fillUser(url: string, { member }: Cast): Promise<void> {
  const sold = `'photos_sold', '{"orderId": "${largeEvent}", "photoIds": [], "photoCount": 1}'`;
  await run(url, [
    `insert into accounts (id, email, username, password_hash, locale, created_at)
      select ${someone('n')}, 'p' || n || '@kilas.test', 'person_' || n, '', 'en', now() from generate_series(0, 19999) n`,
    `insert into sessions (id, account_id, user_agent, created_at, last_used_at, expires_at, ended_at, end_reason)
      select ${idOf(10, 'n')}, case when n % 100 = 0 then '${member}' else ${someone('n')} end, '', now(), now(), now() + interval '1 day',
        case when n % 2 = 0 then now() end, case when n % 2 = 0 then 'ended' end
      from generate_series(1, ${rowCount}) n`,
    `insert into notifications (id, account_id, kind, data, created_at, read_at)
      select ${idOf(11, 'n')}, case when n % 100 = 0 then '${member}' else ${someone('n')} end, ${sold}, now(), case when n % 300 = 0 then now() end
      from generate_series(1, ${rowCount}) n`,
  ]);
}

export async function fillUpload(url: string, { member }: Cast): Promise<void> {
  await run(url, [
    `insert into erased_members (member_id) select ${idOf(9, 'n')} from generate_series(1, ${rowCount}) n union all select '${member}'`,
    `insert into facecams (facecam_id, member_id, consent_epoch, sha256, state, is_selfie_kept, created_at)
      select ${idOf(3, 'n')}, case when n <= 5 then '${member}' else ${idOf(9, 'n')} end, 1, 'sha' || n, 'ready', false, now()
      from generate_series(1, ${rowCount}) n`,
  ]);
}

async function run(url: string, statements: readonly string[], { isAnalyzed = true } = {}): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
    // As autovacuum does some time after; without it the planner guesses.
    if (isAnalyzed) await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}

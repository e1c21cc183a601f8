import { newId } from '@kilas/platform/process/ids.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Columns that name a person, as `database.table.column`; what a withdrawal leaves of them. */
const columns: Readonly<Record<string, 'nothing' | 'as it is'>> = {
  'ai.erased_members.member_id': 'as it is',
  'ai.templates.member_id': 'nothing',
  'ai.face_matches.member_id': 'nothing',
  'ai.face_places.member_id': 'nothing',
  'ai.outdated_facecams.member_id': 'nothing',
  // Tombstones, and what photo has yet to hear.
  'ai.forgotten_facecams.member_id': 'as it is',
  'ai.untold_endings.member_id': 'as it is',
  // By whoever took it.
  'ai.faces.creator_id': 'as it is',
  'ai.photo_recognitions.creator_id': 'as it is',
  'photo.matches.member_id': 'nothing',
  'photo.erased_members.member_id': 'as it is',
  'photo.forgotten_facecams.member_id': 'as it is',
  'photo.collections.member_id': 'as it is',
  'photo.matches.creator_id': 'as it is',
  'photo.creators.creator_id': 'as it is',
  'photo.events.owner_id': 'as it is',
  'photo.event_creators.creator_id': 'as it is',
  'photo.event_invitations.creator_id': 'as it is',
  'photo.photos.creator_id': 'as it is',
  'photo.deleted_photos.creator_id': 'as it is',
  'photo.galleries.creator_id': 'as it is',
  'photo.photos_by_state.creator_id': 'as it is',
  'photo.bought_photos.buyer_id': 'as it is',
  'photo.reserved_photos.buyer_id': 'as it is',
  'upload.facecams.member_id': 'nothing',
  'upload.pack_notices.member_id': 'nothing',
  'upload.capture_challenges.member_id': 'nothing',
  'upload.erased_members.member_id': 'as it is',
  // Counts enrolments in 30 days, whatever was withdrawn.
  'upload.facecam_enrolments.member_id': 'as it is',
  'upload.resumable_uploads.creator_id': 'as it is',
  'upload.uploads.creator_id': 'as it is',
  'user.alike_members.member_id': 'nothing',
  'user.alike_members.other_member_id': 'nothing',
  // Those of kinds that say something of a face are asked for below.
  'user.notifications.account_id': 'as it is',
  'user.consents.account_id': 'as it is',
  'user.consent_receipts.account_id': 'as it is',
  'user.sessions.account_id': 'as it is',
  'user.creators.account_id': 'as it is',
};
const erased = Object.keys(columns).filter((column) => columns[column] === 'nothing');

const faceNotices = ['matches_found', 'face_enrolled_twice', 'facecam_failed'];
const databases = ['ai', 'photo', 'upload', 'user'] as const;
type Database = (typeof databases)[number];

const packId = 'test-pack';
const vector = `[${Array.from({ length: 128 }, (_, place) => (place === 0 ? 1 : 0)).join()}]`;

let system: TestSystem;
/** Ids in this order: who leaves is on either side of a pair. */
let [before, leaving, after]: Member[] = [];

beforeAll(async () => {
  system = await startSystem({ services: ['user', 'photo', 'upload', 'ai'] });
  before = await signUpMember(system, { consent: true });
  leaving = await signUpMember(system, { consent: true });
  after = await signUpMember(system, { consent: true });
}, 240_000);

afterAll(() => system?.close());

test('each column that names a person is told of here, and a new one has to be added', async () => {
  const found: string[] = [];
  for (const database of databases) {
    const rows = await run(database, [
      `select table_name || '.' || column_name as name from information_schema.columns
        where table_schema = 'public' and column_name ~ '(member|account|owner|buyer|creator)_id$'`,
    ]);
    found.push(...rows.map(({ name }) => `${database}.${name}`));
  }
  expect(Object.keys(columns).sort()).toEqual(found.sort());
});

test('who withdraws is in no row about faces any more, on whichever side of it they were; all others are as before', async () => {
  const [leaver, others] = [leaving?.accountId ?? '', [before?.accountId ?? '', after?.accountId ?? '']];
  for (const id of [leaver, ...others]) await fill(id);
  await run('user', [
    `insert into alike_members (member_id, other_member_id, told_at)
      values ('${others[0]}', '${leaver}', now()), ('${leaver}', '${others[1]}', now()), ('${others[0]}', '${others[1]}', now())`,
  ]);
  const earlier = await countAll([leaver, ...others]);
  for (const column of erased) expect(earlier[`${leaver} ${column}`], `${column} before`).toBeGreaterThan(0);
  for (const kind of faceNotices) expect(earlier[`${leaver} ${kind}`], `${kind} before`).toBeGreaterThan(0);

  const { headers = { authorization: '' } } = leaving ?? {};
  const reply = await system.app.inject({ method: 'DELETE', url: '/v1/me/consent', headers });
  expect(reply.statusCode, reply.body).toBe(202);
  const url = `/v1/me/consent/receipts/${reply.json().receiptId}`;
  const receipt = async () => (await system.app.inject({ url, headers })).json();
  await waitFor(async () => (await receipt()).completedAt !== null, { what: 'the receipt', timeoutMs: 60_000 });

  const later = await countAll([leaver, ...others]);
  for (const column of [...erased, ...faceNotices]) expect(later[`${leaver} ${column}`], column).toBe(0);
  const sides = ['user.alike_members.member_id', 'user.alike_members.other_member_id'];
  for (const other of others) {
    for (const column of [...Object.keys(columns), ...faceNotices]) {
      const key = `${other} ${column}`;
      // Of the pairs with who left nothing stays, on their side either.
      if (!sides.includes(column)) expect(later[key], `${column} of somebody else`).toBe(earlier[key]);
    }
  }
  expect(await run('user', ['select member_id, other_member_id from alike_members'])).toEqual([
    { member_id: others[0], other_member_id: others[1] },
  ]);
});

/** A row of each kind for a member under their first consent. */
async function fill(memberId: string): Promise<void> {
  const [photoId, facecamId, faceId, creatorId] = [newId(), newId(), newId(), newId()];
  const box = '0.1, 0.1, 0.2, 0.2';
  await run('ai', [
    `insert into packs (pack_id, dimension) values ('${packId}', 128) on conflict do nothing`,
    `insert into erased_members (member_id) values ('${memberId}') on conflict do nothing`,
    `insert into photo_recognitions (photo_id, creator_id, pack_id, face_count, processed_key, recognised_at, uploaded_at)
      values ('${photoId}', '${creatorId}', '${packId}', 1, 'key', now(), now())`,
    `insert into faces (face_id, photo_id, creator_id, pack_id, embedding, box_left, box_top, box_width, box_height, score, eye_distance_px,
        sharpness, exposure, created_at)
      values ('${faceId}', '${photoId}', '${creatorId}', '${packId}', '${vector}', ${box}, 1, 80, 1, 1, now())`,
    `insert into templates (facecam_id, member_id, consent_epoch, pack_id, embedding, is_lead, created_at)
      values ('${facecamId}', '${memberId}', 1, '${packId}', '${vector}', true, now())`,
    `insert into face_matches (photo_id, member_id, pack_id, face_id, facecam_id, consent_epoch, distance)
      values ('${photoId}', '${memberId}', '${packId}', '${faceId}', '${facecamId}', 1, 0)`,
    `insert into face_places (photo_id, pack_id, member_id, consent_epoch, box_left, box_top, box_width, box_height)
      values ('${photoId}', '${packId}', '${memberId}', 1, ${box})`,
    `insert into outdated_facecams (facecam_id, member_id, consent_epoch) values ('${newId()}', '${memberId}', 1)`,
    `insert into forgotten_facecams (facecam_id, member_id, forgotten_at) values ('${newId()}', '${memberId}', now())`,
  ]);
  await run(
    'photo',
    ['suggested', 'confirmed', 'rejected'].flatMap((answer) => {
      const id = newId();
      return [
        `insert into photos (photo_id, creator_id, title, description, price_idr, sale, sha256, size_bytes, format, original_key,
            captured_at, uploaded_at)
          values ('${id}', '${creatorId}', 'Photo', '', 1, 'shared', 'a', 1, 'jpeg', 'k${id}', now(), now())`,
        `insert into matches (photo_id, member_id, facecam_id, consent_epoch, distance, level, false_match_rate, box_left, box_top, box_width,
            box_height, answer, found_at)
          values ('${id}', '${memberId}', '${facecamId}', 1, 0.1, 9, 1e-9, ${box}, '${answer}', now())`,
      ];
    }),
  );
  await run('upload', [
    `insert into erased_members (member_id) values ('${memberId}') on conflict do nothing`,
    `insert into facecams (facecam_id, member_id, consent_epoch, sha256, state, is_selfie_kept, created_at)
      values ('${facecamId}', '${memberId}', 1, 'sha', 'ready', false, now())`,
    `insert into pack_notices (member_id, pack_id, noticed_at) values ('${memberId}', '${packId}', now())`,
    `insert into capture_challenges (member_id, challenge_id, consent_epoch, steps, expires_at)
      values ('${memberId}', '${newId()}', 1, array['blink'], now() + interval '1 day')`,
  ]);
  await run(
    'user',
    [...faceNotices, 'photos_sold'].map(
      (kind) =>
        `insert into notifications (id, account_id, kind, data, created_at) values ('${newId()}', '${memberId}', '${kind}', '{}', now())`,
    ),
  );
}

/** Rows of each person by column, and notifications by kind. */
async function countAll(ids: readonly string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const id of ids) {
    for (const name of Object.keys(columns)) {
      const [database, table, column] = name.split('.');
      const [row] = await run(database as Database, [
        `select count(*)::int as count from ${table} where ${column} = '${id}'`,
      ]);
      counts[`${id} ${name}`] = Number(row?.count);
    }
    for (const kind of faceNotices) {
      const [row] = await run('user', [
        `select count(*)::int as count from notifications where account_id = '${id}' and kind = '${kind}'`,
      ]);
      counts[`${id} ${kind}`] = Number(row?.count);
    }
  }
  return counts;
}

/** Answers the rows of the last one. */
async function run(database: Database, statements: readonly string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: system.databaseUrls[database] });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openFaceDatabase } from '../testing/open-face-database.ts';
import { openHoldings } from './open-holdings.ts';

const idOf = (digit: string) => `${digit.repeat(8)}-0000-7000-8000-000000000000`;
const [member, other, photo, selfie, newest, confirmed] = [
  idOf('1'),
  idOf('2'),
  idOf('3'),
  idOf('4'),
  idOf('5'),
  idOf('6'),
];
const [theirs, elsewhere, shared] = [idOf('7'), idOf('8'), idOf('9')];
const database = await openFaceDatabase();
const { db } = database;
const { holds, mends, close } = await openHoldings({
  databaseUrl: database.url,
  before: new Date(Date.now() + 60_000),
});

beforeAll(async () => {
  await sql`insert into packs (pack_id, dimension) values ('p', 2)`.execute(db);
});

beforeEach(async () => {
  for (const table of ['templates', 'outdated_facecams', 'photo_recognitions', 'typical_faces', 'erased_members'])
    await sql`delete from ${sql.table(table)}`.execute(db);
  await sql`insert into erased_members (member_id) values (${member}), (${other})`.execute(db);
});

afterAll(async () => {
  await close();
  await database.close();
});

async function enrol(): Promise<void> {
  await sql`insert into templates (facecam_id, member_id, consent_epoch, pack_id, embedding, source, photo_id, created_at)
    values (${selfie}, ${member}, 1, 'p', '[1,0]', 'selfie', null, now()),
      (${confirmed}, ${member}, 1, 'p', '[0,1]', 'confirmed', ${photo}, now())`.execute(db);
}

async function idsOf(held: { pages(): AsyncIterable<readonly { id: string }[]> }): Promise<string[]> {
  return (await Array.fromAsync(held.pages())).flat().map(({ id }) => id);
}

test('upload is asked after selfies alone, consents after all templates, photo after confirmed faces', async () => {
  await enrol();
  expect(await idsOf(holds.selfieTemplates)).toEqual([selfie]);
  expect(await idsOf(holds.templates)).toEqual([selfie, confirmed]);
  const pages = await Array.fromAsync(holds.confirmedTemplates.pages());
  expect(pages).toMatchObject([[{ id: confirmed, memberId: member, photoId: photo }]]);
});

test('a confirmed face goes with the selfie that found it', async () => {
  await enrol();
  await mends.deleteTemplates([{ id: selfie, memberId: member }]);
  expect(await idsOf(holds.templates)).toEqual([]);
});

test('a facecam whose template went with its pack is missing nowhere, until its member withdraws', async () => {
  await enrol();
  await sql`insert into outdated_facecams (facecam_id, member_id, consent_epoch)
    values (${newest}, ${member}, 1)`.execute(db);
  const ids = [selfie, newest, other];
  expect([...(await holds.enrolled.find(ids)).keys()].sort()).toEqual([selfie, newest]);
  await mends.eraseMembers([{ memberId: member, epoch: 1 }]);
  expect([...(await holds.enrolled.find(ids)).keys()]).toEqual([]);
});

async function enrolTwice(): Promise<void> {
  await sql`insert into templates (facecam_id, member_id, consent_epoch, pack_id, embedding, is_lead, likeness, created_at)
    values (${selfie}, ${member}, 1, 'p', '[1,0]', false, null, now()),
      (${newest}, ${member}, 2, 'p', '[0,1]', true, '[0.7,0.7]', now())`.execute(db);
}

async function leads() {
  const { rows } = await sql<{ id: string; isLead: boolean; likeness: string | null }>`
    select facecam_id as id, is_lead as "isLead", likeness::text from templates order by 1`.execute(db);
  return rows;
}

test('no likeness outlives a selfie that it was made of, and the one that is left is searched by itself', async () => {
  await enrolTwice();
  await mends.deleteTemplates([{ id: selfie, memberId: member }]);
  expect(await leads()).toEqual([{ id: newest, isLead: true, likeness: null }]);
});

test('without the facecam that led the member is searched by the other one', async () => {
  await enrolTwice();
  await mends.deleteTemplates([{ id: newest, memberId: member }]);
  expect(await leads()).toEqual([{ id: selfie, isLead: true, likeness: null }]);
});

test('faces under a consent that user does not know go, and the member may give that consent yet', async () => {
  await enrolTwice();
  await mends.eraseFaces([{ memberId: member, epoch: 1 }]);
  expect(await leads()).toEqual([{ id: newest, isLead: true, likeness: null }]);
  expect((await holds.erasures.find([member])).get(member)?.epoch).toBe(0);
});

test('whoever is erased is cut off from where a pack that is gone found them, and from what they are found by now; ai erases that, if nobody holds it', async () => {
  await sql`insert into photo_recognitions (photo_id, creator_id, pack_id, face_count, processed_key, recognised_at)
    values (${photo}, ${selfie}, 'p', 3, '', now())`.execute(db);
  for (const [faceId, left] of [
    [theirs, 0.1],
    [elsewhere, 0.4],
    [shared, 0.7],
  ]) {
    await sql`insert into faces (face_id, photo_id, creator_id, pack_id, embedding, box_left, box_top, box_width, box_height,
        score, eye_distance_px, sharpness, exposure, created_at)
      values (${faceId}, ${photo}, ${selfie}, 'p', '[1,0]', ${left}, 0.1, 0.2, 0.2, 1, 100, 1, 1, now())`.execute(db);
  }
  await sql`insert into templates (facecam_id, member_id, consent_epoch, pack_id, embedding, created_at)
    values (${selfie}, ${other}, 1, 'p', '[1,0]', now())`.execute(db);
  await sql`insert into face_matches (photo_id, member_id, pack_id, face_id, facecam_id, consent_epoch, distance)
    values (${photo}, ${other}, 'p', ${shared}, ${selfie}, 1, 0.2)`.execute(db);
  const cutOff = async () => {
    const { rows } = await sql<{ box_left: number; days: number }>`
      select box_left, extract(epoch from erase_at - now()) / 86400 as days from cut_off_places order by box_left`.execute(
      db,
    );
    for (const { days } of rows) {
      expect(Number(days)).toBeGreaterThan(6.99);
      expect(Number(days)).toBeLessThanOrEqual(7 + 1 / 24);
    }
    return rows.map(({ box_left }) => box_left);
  };
  const found = async (left: number, epoch: number) => {
    await sql`insert into face_places (photo_id, pack_id, member_id, consent_epoch, box_left, box_top, box_width, box_height)
      values (${photo}, 'p', ${member}, ${epoch}, ${left}, 0.11, 0.2, 0.2)`.execute(db);
    await mends.eraseMembers([{ memberId: member, epoch: 1 }]);
  };
  await found(0.11, 1);
  expect(await cutOff()).toEqual([0.11]);
  await found(0.41, 2);
  expect(await cutOff()).toEqual([0.11]);
  await mends.eraseMembers([{ memberId: other, epoch: 1 }]);
  expect(await cutOff()).toEqual([0.11, 0.7]);
  const { rows } = await sql`select face_id from faces`.execute(db);
  expect(rows).toHaveLength(3);
});

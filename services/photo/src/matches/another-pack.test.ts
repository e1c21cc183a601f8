import { openDatabase } from '@kilas/platform/db/database.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import type { PhotoSchema } from '../db/schema.ts';
import { type MatchOptions, startCatalogue } from '../testing/start-catalogue.ts';

const { system, matches, publish, matchOf, recognise, get, send, signUp } = await startCatalogue();
const db = openDatabase<PhotoSchema>({ url: system.databaseUrls.photo, poolSizeMax: 1, onTrouble: () => {} });
afterAll(async () => {
  await db.destroy();
  await system.close();
});
const creator = await signUp({ creator: true });

type Item = { photoId: string; match: { distance: number; level: number; isSure: boolean; box: { left: number } } };
type Told = Omit<MatchOptions, 'photoId' | 'memberId'>;
const list = async (url: string, member: Member): Promise<Item[]> => (await get(url, member)).json().items;
const shown = (member: Member) => list('/v1/explore', member);
const asked = (member: Member) => list('/v1/explore/questions', member);
const answer = (member: Member, photoId: string, said: 'confirmed' | 'rejected') =>
  send('PUT', `/v1/photos/${photoId}/match`, member, { answer: said });

/** A photo of which packs speak one after the other. */
async function addPhoto(
  member: Member,
  ...told: Told[]
): Promise<{ photoId: string; tell(match: Told): Promise<unknown> }> {
  const photoId = await publish({ creatorId: creator.accountId });
  const pair = { photoId, memberId: member.accountId };
  const tell = (match: Told) => matches.recordMatches({ matches: [matchOf({ ...pair, ...match })] });
  for (const match of told) await tell(match);
  return { photoId, tell };
}

test('what another pack says of a pair counts, however far its distances lie from those of the one before', async () => {
  const member = await signUp();
  const { tell } = await addPhoto(member, { packId: 'old', distance: 0.45, level: 1 });
  expect(await shown(member)).toEqual([]);
  await tell({ packId: 'new', distance: 0.7, level: 8, left: 0.3 });
  expect(await shown(member)).toMatchObject([{ match: { distance: 0.7, level: 8, box: { left: 0.3 } } }]);
});

test('a match of the release before, which named no pack, is not compared with one that does', async () => {
  const member = await signUp();
  const { tell } = await addPhoto(member, { distance: 0.45, level: 1 });
  await tell({ packId: 'new', distance: 0.7, level: 8 });
  expect(await shown(member)).toMatchObject([{ match: { distance: 0.7 } }]);
});

test('who names no pack is compared as ever', async () => {
  const member = await signUp();
  const { tell } = await addPhoto(member, { packId: 'old', distance: 0.4, level: 7 });
  await tell({ distance: 0.5, level: 2 });
  expect(await shown(member)).toMatchObject([{ match: { distance: 0.4, level: 7 } }]);
});

test('under one pack the nearest face stays', async () => {
  const member = await signUp();
  const { tell } = await addPhoto(member, { packId: 'new', distance: 0.7, level: 8 });
  await tell({ packId: 'new', distance: 0.8, level: 3 });
  expect(await shown(member)).toMatchObject([{ match: { distance: 0.7, level: 8 } }]);
});

test.each([
  ['finds the face too far', { packId: 'new', distance: 0.9, level: 1, falseMatchRate: 1e-3 }],
  ['would ask first', { packId: 'new', distance: 0.6, isUnsure: true }],
])('a photo that a member was shown stays in explore when another pack %s, and is no question', async (_what, told) => {
  const member = await signUp();
  const { photoId, tell } = await addPhoto(member, { packId: 'old', distance: 0.5, level: 3 }, told);
  expect(await shown(member)).toMatchObject([{ photoId, match: { distance: told.distance } }]);
  expect(await asked(member)).toEqual([]);
  // There and back, and told again.
  for (const packId of ['old', 'new', 'new', 'old', 'new']) await tell({ ...told, packId });
  expect(await shown(member)).toMatchObject([{ photoId }]);
  expect(await asked(member)).toEqual([]);
});

test('what only a looser level of a member showed stays shown at that level, and at no stricter one', async () => {
  const member = await signUp();
  await send('PATCH', '/v1/me', member, { matchLevel: 2 });
  await addPhoto(member, { packId: 'old', level: 2 }, { packId: 'new', level: 1 });
  expect(await shown(member)).toHaveLength(1);
  await send('PATCH', '/v1/me', member, { matchLevel: 3 });
  expect(await shown(member)).toEqual([]);
});

test('what a member was only asked about is asked or shown as the other pack says', async () => {
  const member = await signUp();
  const { tell } = await addPhoto(member, { packId: 'old', isUnsure: true }, { packId: 'new', isUnsure: true });
  expect([await shown(member), await asked(member)]).toMatchObject([[], [{}]]);
  await tell({ packId: 'new', level: 1, isUnsure: true, distance: 0.1 });
  expect([await shown(member), await asked(member)]).toEqual([[], []]);
});

test('a rejected pair stays rejected and a confirmed one confirmed, whichever pack finds it', async () => {
  const member = await signUp();
  const rejected = await addPhoto(member, { packId: 'old' });
  const confirmed = await addPhoto(member, { packId: 'old' });
  await answer(member, rejected.photoId, 'rejected');
  await answer(member, confirmed.photoId, 'confirmed');
  for (const { tell } of [rejected, confirmed]) {
    await tell({ packId: 'new', distance: 0.1, level: 9 });
    await tell({ packId: 'old', distance: 0.9, level: 1, isUnsure: true });
  }
  expect((await shown(member)).map(({ photoId }) => photoId)).toEqual([confirmed.photoId]);
  expect(await asked(member)).toEqual([]);
});

test('nobody is told of a photo again because another pack finds them in it', async () => {
  const member = await signUp({ consent: true });
  const photoId = await publish({ creatorId: creator.accountId });
  const pair = { photoId, memberId: member.accountId };
  for (const packId of ['old', 'new', 'old']) await recognise(photoId, [{ ...pair, packId }]);
  const last = await publish({ creatorId: creator.accountId });
  await recognise(last, [{ ...pair, photoId: last, packId: 'new' }]);
  const inbox = async () => JSON.stringify((await get('/v1/me/notifications', member)).json().items);
  // Facts about one member arrive in order: what would tell of the photo again came before.
  await waitFor(async () => (await inbox()).includes(last), { what: 'the notice of the last photo' });
  expect((await inbox()).split(photoId)).toHaveLength(2);
});

test('what another pack had shown goes with the facecam that it rests on, and with the consent', async () => {
  const member = await signUp();
  const facecamId = crypto.randomUUID();
  const far = { packId: 'new', level: 1, falseMatchRate: 1e-3 };
  const { tell } = await addPhoto(member, { packId: 'old', facecamId }, far);
  expect(await shown(member)).toHaveLength(1);
  await matches.forgetFacecam({ memberId: member.accountId, facecamId });
  expect(await shown(member)).toEqual([]);
  await tell({ packId: 'old' });
  await tell({ ...far, consentEpoch: 2 });
  expect(await shown(member)).toEqual([]);
});

test('what a replica of the version before writes meanwhile is taken by the next telling, and its new pairs are shown', async () => {
  const member = await signUp();
  const { photoId, tell } = await addPhoto(member, { packId: 'old', distance: 0.5, level: 3 });
  const another = await publish({ creatorId: creator.accountId });
  // Its statement, by the columns that it knew.
  for (const id of [photoId, another]) {
    await sql`insert into matches (photo_id, member_id, facecam_id, consent_epoch, distance, level, false_match_rate,
        box_left, box_top, box_width, box_height, facecam_count, eye_distance_px, sharpness, exposure, face_quality, found_at)
      values (${id}, ${member.accountId}, ${crypto.randomUUID()}, 1, 0.4, 7, 1e-8, 0.1, 0.2, 0.3, 0.4, 1, null, null, null, null, now())
      on conflict (photo_id, member_id) do update set facecam_id = excluded.facecam_id, consent_epoch = excluded.consent_epoch,
        distance = excluded.distance, level = excluded.level, false_match_rate = excluded.false_match_rate
      where excluded.distance < matches.distance`.execute(db);
  }
  expect((await shown(member)).map((item) => item.photoId).sort()).toEqual([photoId, another].sort());
  await tell({ packId: 'new', distance: 0.8, level: 4 });
  expect(await shown(member)).toContainEqual(
    expect.objectContaining({ photoId, match: expect.objectContaining({ level: 4 }) }),
  );
});

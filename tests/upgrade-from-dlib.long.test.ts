import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ApiClient, answerOf, asForm } from '@kilas/client/api-client.ts';
import { becomeCreator, giveConsent, register } from '@kilas/client/journey/people.ts';
import { awaitRecognition, createEvent, uploadPhotos } from '@kilas/client/journey/sell-photos.ts';
import { DEFAULT_PACK_ID, DLIB_PACK_ID } from '@kilas/face-engine/packs/built-in-packs.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import { asAnotherShot } from '@kilas/samples/as-another-shot.ts';
import { samplePhotoFiles } from '@kilas/samples/photos.ts';
import { type ServiceProcesses, startProcesses } from '@kilas/testkit/start-processes.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { mistake, writeMatchesBefore } from './matches-before.ts';
import { query, takeTablesBack } from './tables-before.ts';

// An installation of the version before, as faithfully as a clean clone without history can make it: people, photos, facecams and answers
// come through the API, on the pack that it had. Then the tables are made by its migrations alone and take over the rows by the columns that
// it knew, and matches are written anew by its rule: the nearest of a member's facecams, every face for sure.

/** The follower looks once a minute. */
const timeoutMs = 180_000;
const testTimeoutMs = 900_000;
const hourMs = 3_600_000;
const selfieOf = {
  guest: { sample: 5, bentBy: 0.014, left: 562, top: 162, width: 383, height: 638 },
  friend: { sample: 5, bentBy: 0.014, left: 1370, top: 63, width: 443, height: 680 },
  runner: { sample: 0, bentBy: 0.033, left: 1401, top: 141, width: 362, height: 362 },
} as const;
const dlib = { FACE_PACK: DLIB_PACK_ID, FACE_PACK_OLD: undefined, FACE_PACK_OLD_UNTIL: undefined };
const change = { FACE_PACK: DEFAULT_PACK_ID, FACE_PACK_OLD: DLIB_PACK_ID };
const unset = { FACE_PACK: undefined };
const reversal = { FACE_PACK: DLIB_PACK_ID, FACE_PACK_OLD: DEFAULT_PACK_ID };

type Name = 'keeper' | 'asked' | 'both';
let processes: ServiceProcesses;
let folder: string;
let samples: string[];
let creator: ApiClient;
let eventId: string;
let members: Record<Name, ApiClient>;
/** As each member has it after the upgrade, before the change. */
let before: readonly State[];
/** Photos that its rule showed to each of them. */
let shownBefore: readonly (readonly string[])[];
/** Photos: the keeper rejected one, and was taken for somebody in another one; who is asked confirmed one. */
const known = { rejected: '', mistaken: '', confirmed: '' };
const warnings: string[] = [];

beforeAll(async () => {
  samples = await samplePhotoFiles();
  folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-upgrade-'));
  processes = await startProcesses({
    env: { ...dlib, LOG_LEVEL: 'warn' },
    onLine: (service, line) => {
      if (service === 'ai') warnings.push(line);
    },
  });
  await useInstallation();
  await makeAsBefore();
}, 300_000);

afterAll(async () => {
  await processes?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

/** A photo of the same scene in another light: other bytes, other boxes, the same people. */
async function variantOf(sample: number, brightness: number): Promise<string> {
  const file = path.join(folder, `sample${sample}-${brightness}.jpg`);
  await sharp(samples[sample]).resize(1700).modulate({ brightness }).jpeg({ quality: 88 }).toFile(file);
  return file;
}

async function addPhotos(files: readonly string[]): Promise<string[]> {
  const photoIds = (await uploadPhotos(creator, files, eventId, 20_000)).map(({ photoId }) => photoId);
  await awaitRecognition(creator, photoIds, () => {});
  return photoIds;
}

async function enrol(
  member: ApiClient,
  who: keyof typeof selfieOf,
  variant: number,
  keepSelfie: boolean,
): Promise<void> {
  const { sample, bentBy, ...region } = selfieOf[who];
  const crop = await sharp(samples[sample])
    .extract(region)
    .resize(500 + 60 * variant)
    .modulate({ brightness: 0.85 + 0.1 * variant })
    .png()
    .toBuffer();
  // A crop is no selfie.
  const selfie = await asAnotherShot(crop, bentBy);
  const knownCount = await countOf('ai', 'select 1 from templates');
  const file = new File([new Uint8Array(selfie)], 'me.jpg');
  const body = { keepSelfie: keepSelfie ? ('true' as const) : ('false' as const), selfie: file };
  await member.rest.POST('/v1/facecams', { body, bodySerializer: asForm });
  await waitFor(async () => (await countOf('ai', 'select 1 from templates')) > knownCount, {
    what: 'a template',
    timeoutMs,
  });
}

const rowsOf = async (service: 'ai' | 'photo' | 'upload', sql: string, values: readonly unknown[] = []) =>
  (await query(processes.databaseUrls[service], sql, values)).rows;
const countOf = async (service: 'ai' | 'photo' | 'upload', sql: string, values: readonly unknown[] = []) =>
  (await rowsOf(service, sql, values)).length;
const recognised = (packId: string) => countOf('ai', 'select 1 from photo_recognitions where pack_id = $1', [packId]);
const enrolledUnder = async (packId: string) =>
  (await rowsOf('ai', 'select facecam_id from templates where pack_id = $1', [packId])).length;

const idsOf = async (member: ApiClient, url: '/v1/explore' | '/v1/explore/questions' | '/v1/cart') =>
  (await member.list(url)).map(({ photoId }) => photoId);
const givenBy = async (member: ApiClient, photoId: string) =>
  (await answerOf(member.rest.GET('/v1/photos/{photoId}', { params: { path: { photoId } } }))).match?.answer;

interface State {
  readonly explore: readonly string[];
  readonly cart: readonly string[];
  /** Photos of which notices speak that the member has not read. */
  readonly told: readonly string[];
}

async function stateOf(member: ApiClient): Promise<State> {
  const notices = await member.list('/v1/me/notifications');
  return {
    explore: (await idsOf(member, '/v1/explore')).sort(),
    cart: await idsOf(member, '/v1/cart'),
    told: notices.flatMap(({ readAt, data }) => (readAt === null && 'photoIds' in data ? data.photoIds : [])),
  };
}

async function readAll(member: ApiClient): Promise<void> {
  const [newest] = await member.list('/v1/me/notifications');
  if (newest === undefined) throw new Error('the member was told of nothing');
  await member.rest.POST('/v1/me/notifications/read', { body: { upTo: newest.notificationId } });
}

const outdatedNotices = async (member: ApiClient) =>
  (await member.list('/v1/me/notifications')).filter(({ kind }) => kind === 'facecams_outdated').length;

async function useInstallation(): Promise<void> {
  const api = new ApiClient(processes.url);
  creator = await register(api, 'creator');
  await becomeCreator(creator, 'Lensa');
  eventId = await createEvent(creator, 'Night Run', 'matches');
  members = {
    keeper: await register(api, 'keeper'),
    asked: await register(api, 'asked'),
    both: await register(api, 'both'),
  };
  for (const member of Object.values(members)) await giveConsent(member);
  const [, , group = ''] = await addPhotos(samples);
  known.mistaken = group;
  await addPhotos([await variantOf(5, 0.8), await variantOf(5, 1.15), await variantOf(0, 0.85)]);
  await enrol(members.keeper, 'guest', 0, true);
  await enrol(members.asked, 'friend', 0, false);
  await enrol(members.both, 'runner', 0, true);
  await enrol(members.both, 'runner', 2, false);
  await waitFor(
    async () => {
      const found = await Promise.all(Object.values(members).map((member) => idsOf(member, '/v1/explore')));
      return found.every(({ length }) => length >= 2);
    },
    { what: 'each member to be found', timeoutMs },
  );
  const [carried = ''] = await idsOf(members.asked, '/v1/explore');
  await members.asked.rest.PUT('/v1/cart/{photoId}', { params: { path: { photoId: carried } } });
}

/** Nothing of these services runs while their tables are made. That version told ai of no answer. */
async function makeAsBefore(): Promise<void> {
  const { ai, photo: photoUrl } = processes.databaseUrls;
  const urls = { ai, photo: photoUrl };
  for (const service of ['ai', 'upload', 'photo'] as const) {
    await processes.end(service, 'SIGTERM');
    await takeTablesBack(service, processes.databaseUrls[service]);
  }
  await writeMatchesBefore(urls);
  // What the processes said that made it.
  warnings.length = 0;
  const [keeperId, askedId] = [await idOf(members.keeper), await idOf(members.asked)];
  await mistake(urls, { memberId: keeperId, photoId: known.mistaken, distance: 0.5 });
  known.rejected = await answerAny(keeperId, 'rejected');
  known.confirmed = await answerAny(askedId, 'confirmed');
  shownBefore = await Promise.all([keeperId, askedId, await idOf(members.both)].map(listShownBefore));
}

/** Its rule, for members who chose no level: level 3, and half a stranger among the faces of the event. */
async function listShownBefore(memberId: string): Promise<string[]> {
  const rows = await rowsOf(
    'photo',
    `select photo_id from matches where member_id = $1 and (answer = 'confirmed' or (answer = 'suggested' and level >= 3
       and false_match_rate * facecam_count * (select sum(face_count) from galleries) <= 0.5)) order by photo_id`,
    [memberId],
  );
  return z
    .array(z.object({ photo_id: z.string() }))
    .parse(rows)
    .map(({ photo_id }) => photo_id);
}

async function idOf(member: ApiClient): Promise<string> {
  return (await answerOf(member.rest.GET('/v1/me'))).accountId;
}

/** Of a match that the version before showed, and that is right. */
async function answerAny(memberId: string, answer: string): Promise<string> {
  const [row] = await rowsOf(
    'photo',
    `update matches set answer = $3 where (photo_id, member_id) in (
       select photo_id, member_id from matches where member_id = $1 and photo_id <> $2 and level >= 5 order by photo_id limit 1
     ) returning photo_id`,
    [memberId, known.mistaken, answer],
  );
  return z.object({ photo_id: z.string() }).parse(row).photo_id;
}

async function startAi(env: Env): Promise<void> {
  await processes.end('ai', 'SIGKILL');
  await processes.start('ai', env);
}

const until = (ms: number) => ({ FACE_PACK_OLD_UNTIL: new Date(Date.now() + ms).toISOString() });
const each = <Value>(read: (member: ApiClient) => Promise<Value>) =>
  Promise.all([read(members.keeper), read(members.asked), read(members.both)]);

/** The change was looked at once more, from the beginning to the end. */
async function followerRan(): Promise<void> {
  const done = "select 1 from jobs.job where name = 'follow-pack-change' and state = 'completed' and started_on > $1";
  const now = new Date();
  await waitFor(async () => (await countOf('upload', done, [now])) > 0, {
    what: 'the change to be looked at',
    timeoutMs,
  });
}

/** What a member had is there, in the same place; what they said stands. */
async function expectNothingLost(): Promise<void> {
  const states = await each(stateOf);
  expect(states.map(({ explore }) => explore)).toEqual(
    before.map(({ explore }) => expect.arrayContaining([...explore])),
  );
  expect(states.map(({ cart }) => cart)).toEqual(before.map(({ cart }) => cart));
  expect(states[0]?.explore).not.toContain(known.rejected);
  expect(await idsOf(members.keeper, '/v1/explore/questions')).not.toContain(known.rejected);
  expect(await givenBy(members.asked, known.confirmed)).toBe('confirmed');
}

/** Nobody hears again of a photo that they had before. */
async function expectNothingToldTwice(): Promise<void> {
  const told = await each(stateOf);
  for (const [i, state] of told.entries()) {
    const had = new Set(before[i]?.explore);
    expect(state.told.filter((photoId) => had.has(photoId))).toEqual([]);
  }
  expect(await each(outdatedNotices)).toEqual([0, 1, 0]);
}

test('an installation of the version before changes its pack: nothing is lost, nothing is told twice, and it may go back until the end', {
  timeout: testTimeoutMs,
}, async () => {
  // The version of now, with nothing set, runs on what the faces were made with.
  for (const service of ['photo', 'ai', 'upload'] as const) await processes.start(service, unset);
  before = await each(stateOf);
  expect(before.map(({ explore }) => explore)).toEqual(shownBefore);
  expect(before.map(({ explore }) => explore.length)).toEqual([3, 3, 3]);
  expect(before[0]?.explore).toContain(known.mistaken);
  await expectNothingLost();
  expect(warnings.filter((line) => line.includes('lets through far more strangers'))).toHaveLength(1);
  expect(await each(outdatedNotices)).toEqual([0, 0, 0]);
  await each(readAll);

  // The change, with a process that dies on the way.
  await startAi({ ...change, ...until(hourMs) });
  await waitFor(async () => (await recognised(DEFAULT_PACK_ID)) > 0, {
    what: 'the first photo looked at again',
    timeoutMs,
  });
  await startAi({ ...change, ...until(hourMs) });
  await waitFor(isChanged, { what: 'photos and kept selfies under the new pack', timeoutMs });
  await waitFor(async () => (await outdatedNotices(members.asked)) > 0, {
    what: 'the question to a member',
    timeoutMs,
  });
  await processes.end('upload', 'SIGKILL');
  await processes.start('upload', unset);
  await followerRan();
  await expectNothingLost();
  await expectNothingToldTwice();
  const packs = await rowsOf('photo', 'select distinct pack_id from matches order by pack_id');
  expect(packs).toEqual([{ pack_id: DLIB_PACK_ID }, { pack_id: DEFAULT_PACK_ID }]);

  // New photos: by the new pack for whom it knows, by the old one for the other.
  const [during = ''] = await addPhotos([await variantOf(5, 0.9)]);
  await waitForAll(during, [members.keeper, members.asked]);

  // Back, before the end.
  await startAi({ ...reversal, ...until(hourMs) });
  await followerRan();
  await expectNothingLost();
  const [back = ''] = await addPhotos([await variantOf(5, 1.1)]);
  await waitForAll(back, [members.keeper, members.asked]);
  await expectNothingToldTwice();

  // Forth again, and its time ends.
  await startAi({ ...change, ...until(hourMs) });
  await expectNothingLost();
  await startAi({ ...change, ...until(-1000) });
  await waitFor(async () => (await recognised(DLIB_PACK_ID)) + (await enrolledUnder(DLIB_PACK_ID)) === 0, {
    what: 'the rows of the old pack to go',
    timeoutMs,
  });
  await followerRan();
  await expectNothingLost();
  const [after = ''] = await addPhotos([await variantOf(5, 0.95)]);
  await waitForAll(after, [members.keeper]);
  expect(await idsOf(members.asked, '/v1/explore')).toEqual(expect.arrayContaining([during, back]));
  expect(await idsOf(members.asked, '/v1/explore')).not.toContain(after);
  await expectNothingToldTwice();

  // The variables are taken away: the faces say which pack it is.
  await startAi(unset);
  await expectNothingLost();
  expect(await countOf('ai', 'select 1 from faces where pack_id = $1', [DLIB_PACK_ID])).toBe(0);
});

const isChanged = async () =>
  (await recognised(DEFAULT_PACK_ID)) === (await recognised(DLIB_PACK_ID)) &&
  (await enrolledUnder(DEFAULT_PACK_ID)) === 2;

async function waitForAll(photoId: string, who: readonly ApiClient[]): Promise<void> {
  for (const member of who) {
    const isFound = async () => (await idsOf(member, '/v1/explore')).includes(photoId);
    await waitFor(isFound, { what: 'a new photo to be found', timeoutMs });
  }
}

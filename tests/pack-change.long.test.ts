import { ApiClient, answerOf, asForm } from '@kilas/client/api-client.ts';
import { becomeCreator, giveConsent, register } from '@kilas/client/journey/people.ts';
import { createEvent, uploadPhotos } from '@kilas/client/journey/sell-photos.ts';
import { DEFAULT_PACK_ID, DLIB_PACK_ID } from '@kilas/face-engine/packs/built-in-packs.ts';
import { asAnotherShot } from '@kilas/samples/as-another-shot.ts';
import { samplePhotoFiles } from '@kilas/samples/photos.ts';
import { query } from '@kilas/testkit/query.ts';
import { type ServiceProcesses, startProcesses } from '@kilas/testkit/start-processes.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';

const oldPack = DLIB_PACK_ID;
const newPack = DEFAULT_PACK_ID;
/** The follower looks once a minute. */
const timeoutMs = 180_000;
const people = {
  guest: { left: 562, top: 162, width: 383, height: 638 },
  friend: { left: 1370, top: 63, width: 443, height: 680 },
} as const;

let processes: ServiceProcesses;
let photos: string[];

beforeAll(async () => {
  photos = await samplePhotoFiles();
  // As the version before left an installation: it knew no other pack.
  processes = await startProcesses({ env: { FACE_PACK: oldPack } });
}, 120_000);

afterAll(async () => {
  await processes?.stop();
});

/** One row by SQL on ai's tables. */
async function count(sql: string, values: readonly unknown[] = []): Promise<number> {
  return Number((await query(processes.databaseUrls.ai, sql, values))[0]?.count);
}

const recognised = (packId: string) => count('select count(*) from photo_recognitions where pack_id = $1', [packId]);
const templates = (packId: string) => count('select count(*) from templates where pack_id = $1', [packId]);

async function enrol(member: ApiClient, who: keyof typeof people, keepSelfie: boolean): Promise<void> {
  // A crop is no selfie.
  const crop = await sharp(photos[5]).extract(people[who]).resize(500).png().toBuffer();
  const selfie = await asAnotherShot(crop, 0.014);
  const file = new File([new Uint8Array(selfie)], 'me.jpg');
  const body = { keepSelfie: keepSelfie ? ('true' as const) : ('false' as const), selfie: file };
  await member.rest.POST('/v1/facecams', { body, bodySerializer: asForm });
  // To the end: an enrolment that is broken off comes again, and is then one under both packs.
  await waitFor(async () => (await answerOf(member.rest.GET('/v1/facecams'))).items[0]?.status === 'ready', {
    what: 'the enrolment',
    timeoutMs,
  });
}

async function restartAi(until: Date): Promise<void> {
  await processes.end('ai', 'SIGKILL');
  await processes.start('ai', {
    FACE_PACK: newPack,
    FACE_PACK_OLD: oldPack,
    FACE_PACK_OLD_UNTIL: until.toISOString(),
  });
}

const foundBy = async (member: ApiClient) => (await member.list('/v1/explore')).map(({ photoId }) => photoId);
const noticesOf = async (member: ApiClient) =>
  (await member.list('/v1/me/notifications')).filter(({ kind }) => kind === 'facecams_outdated').length;

test('another pack takes over: nothing is lost with a process, kept selfies are enrolled anew, others are asked once', async () => {
  const api = new ApiClient(processes.url);
  const creator = await register(api, 'creator');
  await becomeCreator(creator, 'Lensa');
  const eventId = await createEvent(creator, 'Night Run', 'matches');
  const [keeper, other] = [await register(api, 'keeper'), await register(api, 'other')];
  for (const member of [keeper, other]) {
    await giveConsent(member);
    await member.rest.PATCH('/v1/me', { body: { matchLevel: 1 } });
  }
  const allDone = (howMany: number) =>
    waitFor(
      async () => {
        const own = await creator.list('/v1/creator/photos');
        return own.length === howMany && own.every(({ recognition }) => recognition === 'done');
      },
      { what: `${howMany} photos recognised`, timeoutMs },
    );

  await uploadPhotos(creator, photos.slice(1), eventId, 20_000);
  await allDone(5);
  await enrol(keeper, 'guest', true);
  await enrol(other, 'friend', false);
  const found = await waitFor(async () => ((await foundBy(other)).length > 0 ? foundBy(keeper) : undefined), {
    what: 'both to be found',
    timeoutMs,
  });
  expect(found.length).toBeGreaterThan(0);

  // A change, broken off as soon as it has begun.
  await restartAi(new Date(Date.now() + 3_600_000));
  await waitFor(async () => (await recognised(newPack)) > 0, { what: 'the first photo looked at again', timeoutMs });
  await restartAi(new Date(Date.now() + 3_600_000));
  await waitFor(async () => (await recognised(newPack)) === 5, { what: 'all photos looked at again', timeoutMs });
  await waitFor(async () => (await templates(newPack)) === 1, { what: 'the kept selfie enrolled anew', timeoutMs });
  await waitFor(async () => (await noticesOf(other)) > 0, { what: 'the other member to be asked', timeoutMs });
  expect(await noticesOf(keeper)).toBe(0);

  // New photos meanwhile are seen by both packs, and both members are found.
  const foundBefore = (await foundBy(other)).length;
  await uploadPhotos(creator, [photos[0] ?? ''], eventId, 20_000);
  await allDone(6);
  expect([await recognised(oldPack), await recognised(newPack)]).toEqual([6, 6]);
  expect((await foundBy(other)).length).toBeGreaterThanOrEqual(foundBefore);

  // Its time is over.
  await restartAi(new Date(Date.now() - 1000));
  await waitFor(async () => (await recognised(oldPack)) + (await templates(oldPack)) === 0, {
    what: 'the rows of the old pack to go',
    timeoutMs,
  });
  expect(await count('select count(*) from faces where pack_id = $1', [oldPack])).toBe(0);
  expect(await foundBy(keeper)).toEqual(expect.arrayContaining(found));
  expect(await noticesOf(other)).toBe(1);

  // Whom only the old pack knew, and who was not proven live: withdrawing cuts off their face as the new pack sees it.
  const placesBefore = await count('select count(*) from face_places');
  expect(placesBefore).toBeGreaterThan(0);
  await other.rest.DELETE('/v1/me/consent');
  await waitFor(async () => (await count('select count(*) from face_places')) < placesBefore, {
    what: 'the places of who withdrew to go',
    timeoutMs,
  });
  expect(await count('select count(*) from cut_off_places join faces using (photo_id)')).toBeGreaterThan(0);
  expect(await foundBy(keeper)).toEqual(expect.arrayContaining(found));
});

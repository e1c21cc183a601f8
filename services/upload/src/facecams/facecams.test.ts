import { problems, type Reason } from '@kilas/messages/problems.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { sql } from 'kysely';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deleteObjectJob } from '../objects/delete-object.ts';
import { whileAway } from '../testing/away.ts';
import { makeBrandedFile, makePngBomb } from '../testing/images.ts';
import { provenInAi } from '../testing/proven-in-ai.ts';
import { readGroupPhoto, spoilSelfie, takeSelfie, withPasserBy } from '../testing/selfies.ts';
import { type Part, startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { rejectionReason } from './facecam.ts';

const sizeMax = 3 * 1024 * 1024;
const clock = drivenClock();
let uploads: UploadSystem;

beforeAll(async () => {
  const env = { SELFIE_SIZE_MAX_BYTES: String(sizeMax), FACECAM_CHANGES_PER_MONTH_MAX: '6' };
  uploads = await startUploads({ withAi: true, clock, env });
});

afterAll(() => uploads?.close());

const consenting = () => uploads.signUp({ consent: true });
const send = (member: Member, ...parts: Part[]) => uploads.send('/v1/facecams', member.headers, parts);
const enrol = (member: Member, bytes: Buffer, ...fields: Part[]) =>
  send(member, ...fields, ['selfie', bytes, 'me.jpg']);
const listSelfies = async () => (await uploads.listFiles()).filter((file) => /selfies|spool/.test(file));

interface Listed {
  facecamId: string;
  status: string;
  reason?: string;
  detail?: string;
  quality?: number;
  liveness?: { realScore: number; liveScore: number };
  selfieKept: boolean;
}

async function list(member: Member): Promise<Listed[]> {
  const response = await uploads.system.app.inject({ url: '/v1/facecams', headers: member.headers });
  expect(response.statusCode).toBe(200);
  return response.json().items;
}

const settled = (member: Member) =>
  waitFor(
    async () => {
      const facecams = await list(member);
      return facecams.every(({ status }) => status !== 'pending') && facecams;
    },
    { what: 'the enrolments to end', timeoutMs: 25_000 },
  );

/** The selfies that stay when all that goes is gone. */
async function listKeptSelfies(): Promise<string[]> {
  const isIdle = async () => (await uploads.ctx.jobs.countOpen(deleteObjectJob)) === 0;
  await waitFor(isIdle, { what: 'the selfies to be deleted', timeoutMs: 20_000 });
  return listSelfies();
}

const inspectLink = (member: Member, facecamId: string) =>
  uploads.system.app.inject({ url: `/v1/facecams/${facecamId}/selfie`, headers: member.headers });

test('a selfie is stored at once, its template is a job, and then the selfie is deleted', async () => {
  const member = await consenting();
  await uploads.system.service('upload').hold();
  const response = await enrol(member, await takeSelfie());
  expect(response.statusCode, response.body).toBe(201);
  const { facecamId, status } = response.json();
  expect(status).toBe('pending');
  expect(await list(member)).toMatchObject([{ facecamId, status: 'pending', selfieKept: false }]);
  expect(await listSelfies()).toHaveLength(1);
  await uploads.system.service('upload').work();
  expect(await settled(member)).toMatchObject([{ facecamId, status: 'ready', selfieKept: false }]);
  expect(await provenInAi(uploads.system, facecamId)).toEqual([false]);
  expect(await listKeptSelfies()).toEqual([]);
  expect((await inspectLink(member, facecamId)).json()).toMatchObject({ status: 404, code: 'SELFIE_NOT_KEPT' });
});

test('ai hears of a selfie that it was proven live', async () => {
  const member = await consenting();
  await uploads.system.service('upload').hold();
  const { facecamId } = (await enrol(member, await takeSelfie())).json();
  await uploads.ctx.db.updateTable('facecams').set({ proven_live: true }).where('facecam_id', '=', facecamId).execute();
  await uploads.system.service('upload').work();
  expect(await settled(member)).toMatchObject([{ facecamId, status: 'ready' }]);
  expect(await provenInAi(uploads.system, facecamId)).toEqual([true]);
});

test('a selfie that was asked to be kept is shown to its owner alone, by a link that ends', async () => {
  const member = await consenting();
  const withPlace = await sharp(await takeSelfie())
    .withExif({ IFD0: { Make: 'Phone' }, IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '6/1 12/1 0/1' } })
    .toBuffer();
  const { facecamId } = (await enrol(member, withPlace, ['keepSelfie', 'true'])).json();
  expect(await settled(member)).toMatchObject([{ facecamId, status: 'ready', selfieKept: true }]);
  const { url, expiresAt } = (await inspectLink(member, facecamId)).json();
  expect(new Date(expiresAt).getTime() - clock.now().getTime()).toBe(300_000);
  const follow = () => uploads.system.follow(url);
  const picture = await follow();
  expect(picture.headers['content-type']).toBe('image/jpeg');
  const metadata = await sharp(picture.body).metadata();
  expect(metadata.exif).toBeUndefined();
  const other = await consenting();
  for (const id of [facecamId, '01a1fcff-4a7e-7b61-bf89-3e6463b45789']) {
    expect((await inspectLink(other, id)).json()).toMatchObject({ status: 404, code: 'FACECAM_NOT_FOUND' });
  }
  clock.advance(301);
  expect((await follow()).status).toBe(403);
});

test('without a consent in force nothing is looked at; once given it holds at once', async () => {
  const member = await uploads.signUp();
  expect((await list(member)).length).toBe(0);
  const refused = await enrol(member, await takeSelfie());
  expect(refused.json()).toMatchObject({ status: 403, code: 'CONSENT_REQUIRED' });
  const { current } = (await uploads.system.app.inject({ url: '/v1/me/consent', headers: member.headers })).json();
  const payload = { version: current.version };
  await uploads.system.app.inject({ method: 'PUT', url: '/v1/me/consent', headers: member.headers, payload });
  expect((await enrol(member, await takeSelfie())).statusCode).toBe(201);
  await settled(member);
});

test.each([
  ['without a face', 'FACECAM_NO_FACE', () => spoilSelfie('nobody')],
  ['of a crowd', 'FACECAM_MANY_FACES', readGroupPhoto],
  ['of two', 'FACECAM_MANY_FACES', () => spoilSelfie('two faces')],
  ['that is cut off', 'FACECAM_CUT_OFF', () => spoilSelfie('cut off')],
  ['from too far away', 'FACECAM_TOO_SMALL', () => spoilSelfie('small')],
  ['in the dark', 'FACECAM_TOO_DARK', () => spoilSelfie('dark')],
  ['in which no face is to be seen for darkness', 'FACECAM_TOO_DARK', () => spoilSelfie('black')],
  ['burnt out by light', 'FACECAM_TOO_BRIGHT', () => spoilSelfie('bright')],
  ['by a shaking hand', 'FACECAM_TOO_BLURRY', () => spoilSelfie('blurred')],
  ['of a face turned away', 'FACECAM_NOT_FRONTAL', () => spoilSelfie('turned away')],
  ['of which little is to be made out', 'FACECAM_NOT_CLEAR', () => spoilSelfie('hidden')],
])('a selfie %s is refused with %s and what to do, and not kept', async (_what, code, make) => {
  const member = await consenting();
  const before = await listKeptSelfies();
  const headers = { ...member.headers, 'accept-language': 'id' };
  const form: Part[] = [
    ['keepSelfie', 'true'],
    ['selfie', await make(), 'me.jpg'],
  ];
  const response = await uploads.send('/v1/facecams', headers, form);
  expect(response.headers['content-type']).toContain('application/problem+json');
  const { detail, ...problem } = response.json();
  expect(problem).toMatchObject({ status: 422, code });
  expect(detail).toBe(problems[problem.code as Reason].id);
  expect(await listSelfies()).toEqual(before);
  expect(await list(member)).toEqual([]);
});

test('somebody far behind does not spoil a selfie, and the template is of the face in front', async () => {
  const member = await consenting();
  expect((await enrol(member, await takeSelfie('guest'))).statusCode).toBe(201);
  await settled(member);
  // Were it the passer-by's, it would not be the same person.
  const response = await enrol(member, await withPasserBy(100));
  expect(response.statusCode, response.body).toBe(201);
  expect(await settled(member)).toMatchObject([{ status: 'ready' }, { status: 'ready' }]);
});

test('a facecam shows its member how good and how alive it looked, once there is a template', async () => {
  const member = await consenting();
  await uploads.system.service('upload').hold();
  await enrol(member, await takeSelfie());
  expect(Object.keys((await list(member))[0] ?? {})).not.toContain('liveness');
  await uploads.system.service('upload').work();
  const [facecam] = await settled(member);
  expect(facecam?.quality).toBeGreaterThan(0.8);
  expect(facecam?.liveness?.realScore).toBeGreaterThan(0);
  expect(facecam?.liveness?.realScore).toBeLessThan(1);
  expect(facecam?.liveness?.liveScore).toBeGreaterThan(0.5);
});

test('each reason of a rejection has a text of its own', () => {
  const reasons =
    'no_face many_faces cut_off too_small too_dark too_bright too_blurry not_frontal not_clear not_live not_the_same_person from_a_photo';
  const codes = reasons.split(' ').map(rejectionReason);
  expect(codes).toEqual(reasons.split(' ').map((reason) => `FACECAM_${reason.toUpperCase()}`));
  expect(rejectionReason('something new')).toBe('FACECAM_REJECTED');
});

test.each([
  ['no file', 400, 'FILE_MISSING', async () => []],
  ['an empty file', 400, 'FILE_EMPTY', async () => [['selfie', Buffer.alloc(0), 'a.jpg']]],
  ['a file too large', 413, 'FILE_TOO_LARGE', async () => [['selfie', Buffer.alloc(sizeMax + 1, 1), 'a.jpg']]],
  ['a text', 415, 'NOT_AN_IMAGE', async () => [['selfie', Buffer.from('me'), 'a.jpg']]],
  ['HEIC', 415, 'HEIC_NOT_SUPPORTED', async () => [['selfie', makeBrandedFile('heic'), 'a.jpg']]],
  ['half a picture', 422, 'IMAGE_TRUNCATED', async () => [['selfie', (await takeSelfie()).subarray(0, 9000), 'a.jpg']]],
  ['too many pixels', 422, 'IMAGE_TOO_MANY_PIXELS', async () => [['selfie', makePngBomb(30_000, 30_000), 'a.png']]],
  [
    'a bomb within the limit of pixels',
    422,
    'IMAGE_BROKEN',
    async () => [['selfie', makePngBomb(7000, 7000), 'a.png']],
  ],
  [
    'two files',
    400,
    'TOO_MANY_FILES',
    async () => [
      ['selfie', await takeSelfie(), 'a'],
      ['selfie', await takeSelfie(), 'b'],
    ],
  ],
  [
    "another user's id",
    400,
    'REQUEST_INVALID',
    async () => [
      ['memberId', 'x'],
      ['selfie', await takeSelfie(), 'a.jpg'],
    ],
  ],
  [
    'an unclear wish',
    400,
    'REQUEST_INVALID',
    async () => [
      ['keepSelfie', 'maybe'],
      ['selfie', await takeSelfie(), 'a.jpg'],
    ],
  ],
] as [string, number, string, () => Promise<Part[]>][])(
  'a form with %s is answered %i %s and leaves nothing behind',
  async (_what, status, code, parts) => {
    const member = await consenting();
    const before = await listKeptSelfies();
    const response = await send(member, ...(await parts()));
    expect(response.json()).toMatchObject({ status, code });
    expect(await listSelfies()).toEqual(before);
    expect(await list(member)).toEqual([]);
  },
);

test('with ai away a selfie is answered 503 with when to come again, and not kept', async () => {
  const member = await consenting();
  const selfie = await takeSelfie();
  const before = await listKeptSelfies();
  const response = await whileAway(uploads.system, 'ai', () => enrol(member, selfie));
  expect(response.json()).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
  expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
  expect(await listSelfies()).toEqual(before);
  expect(await list(member)).toEqual([]);
});

test('an enrolment waits for ai and ends when ai is back', async () => {
  const member = await consenting();
  await uploads.system.service('upload').hold();
  await enrol(member, await takeSelfie());
  await whileAway(uploads.system, 'ai', async () => {
    await uploads.system.service('upload').work();
    await waitFor(() => countRetries('enrol-facecam'), { what: 'a try without ai' });
    expect(await list(member)).toMatchObject([{ status: 'pending' }]);
  });
  expect(await settled(member)).toMatchObject([{ status: 'ready' }]);
});

test('the same selfie twice, also at once, is one facecam', async () => {
  const member = await consenting();
  const selfie = await takeSelfie();
  const answers = await Promise.all([1, 2, 3, 4].map(() => enrol(member, selfie)));
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 200, 201]);
  expect(new Set(answers.map((answer) => answer.json().facecamId)).size).toBe(1);
  await settled(member);
  expect((await enrol(member, selfie)).json()).toMatchObject({ status: 'ready' });
  expect(await list(member)).toHaveLength(1);
});

test('a sixth facecam replaces the oldest, and after the limit of changes the member waits', async () => {
  const member = await consenting();
  const ids: string[] = [];
  for (let variant = 0; variant < 6; variant++) {
    clock.advance(1);
    const response = await enrol(member, await takeSelfie('guest', variant), ['keepSelfie', 'true']);
    expect(response.statusCode, response.body).toBe(201);
    ids.push(response.json().facecamId);
    await settled(member);
  }
  expect((await list(member)).map(({ facecamId }) => facecamId)).toEqual(ids.slice(1).reverse());
  const selfie = await takeSelfie('guest', 6);
  const refused = await enrol(member, selfie);
  expect(refused.json()).toMatchObject({ status: 429, code: 'FACECAM_CHANGES_EXHAUSTED' });
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(29 * 86_400);
  // Removing one gives no change back.
  const url = `/v1/facecams/${ids[5]}`;
  expect((await uploads.system.app.inject({ method: 'DELETE', url, headers: member.headers })).statusCode).toBe(204);
  expect((await enrol(member, selfie)).statusCode).toBe(429);
  clock.advance(30 * 86_400);
  expect((await enrol(await signInAgain(member), selfie)).statusCode).toBe(201);
});

test('a facecam is removed by its owner alone, with its selfie', async () => {
  const member = await consenting();
  const before = await listKeptSelfies();
  const { facecamId } = (await enrol(member, await takeSelfie(), ['keepSelfie', 'true'])).json();
  await settled(member);
  // Deletions of earlier tests may still be under way: only this selfie counts.
  const [own, ...others] = (await listKeptSelfies()).filter((key) => !before.includes(key));
  expect(own).toBeDefined();
  expect(others).toEqual([]);
  const remove = (by: Member) =>
    uploads.system.app.inject({ method: 'DELETE', url: `/v1/facecams/${facecamId}`, headers: by.headers });
  expect((await remove(await consenting())).json()).toMatchObject({ status: 404, code: 'FACECAM_NOT_FOUND' });
  expect(await list(member)).toHaveLength(1);
  expect((await remove(member)).statusCode).toBe(204);
  expect(await list(member)).toEqual([]);
  expect((await remove(member)).statusCode).toBe(404);
  await waitFor(async () => !(await listKeptSelfies()).some((key) => key === own), {
    what: 'the selfie to be deleted',
  });
});

test('a selfie of somebody else than the others is refused at once, or fails when it came at the same time', async () => {
  const member = await consenting();
  await uploads.system.service('upload').hold();
  await enrol(member, await takeSelfie('guest'), ['keepSelfie', 'true']);
  await enrol(member, await takeSelfie('friend'), ['keepSelfie', 'true']);
  await uploads.system.service('upload').work();
  const facecams = await settled(member);
  expect(facecams.map(({ status }) => status).sort()).toEqual(['failed', 'ready']);
  const failed = facecams.find(({ status }) => status === 'failed');
  expect(failed).toMatchObject({ reason: 'FACECAM_NOT_THE_SAME_PERSON', selfieKept: false });
  expect(failed?.detail).toBe(problems.FACECAM_NOT_THE_SAME_PERSON.en);
  expect(failed?.liveness).toBeUndefined();
  const told = async () => {
    const inbox = await uploads.system.app.inject({ url: '/v1/me/notifications', headers: member.headers });
    return inbox.json().items.filter(({ kind }: { kind: string }) => kind === 'facecam_failed');
  };
  await waitFor(async () => (await told()).length > 0, { what: 'the member to be told' });
  const data = { facecamId: failed?.facecamId, reason: 'FACECAM_NOT_THE_SAME_PERSON' };
  expect(await told()).toMatchObject([
    { data, text: expect.stringContaining(problems.FACECAM_NOT_THE_SAME_PERSON.en) },
  ]);
  const isGuestReady = facecams[1]?.status === 'ready';
  const refused = await enrol(member, await takeSelfie(isGuestReady ? 'friend' : 'guest', 1));
  expect(refused.json()).toMatchObject({ status: 422, code: 'FACECAM_NOT_THE_SAME_PERSON' });
});

async function countRetries(kind: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from jobs.job where name = ${kind} and retry_count > 0 and state < 'completed'`.execute(
    uploads.ctx.db,
  );
  return rows[0]?.count ?? 0;
}

async function signInAgain(member: Member): Promise<Member> {
  const payload = { login: member.username, password: member.password };
  const answer = await uploads.system.app.inject({ method: 'POST', url: '/v1/auth/sign-in', payload });
  return { ...member, headers: { authorization: `Bearer ${answer.json().accessToken}` } };
}

test('a face that another member is enrolled with is told to both', async () => {
  const [first, second] = [await consenting(), await consenting()];
  for (const member of [first, second]) {
    await enrol(member, await takeSelfie('friend', 7));
    await settled(member);
  }
  const noticesOf = async (member: Member) => {
    const reply = await uploads.system.app.inject({ url: '/v1/me/notifications', headers: member.headers });
    const items: { kind: string; data: unknown }[] = reply.json().items;
    return items.filter(({ kind }) => kind === 'face_enrolled_twice').map(({ data }) => data);
  };
  const isTold = async () => (await noticesOf(second)).length > 0;
  await waitFor(isTold, { what: 'the notices', timeoutMs: 20_000 });
  expect(await noticesOf(second)).toEqual([{ isOwnEnrolment: true }]);
  expect(await noticesOf(first)).toContainEqual({ isOwnEnrolment: false });
});

import { problems, type Reason } from '@kilas/messages/problems.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deleteObjectJob } from '../objects/delete-object.ts';
import { pose, poseAhead } from '../testing/captures.ts';
import { provenInAi } from '../testing/proven-in-ai.ts';
import { spoilSelfie, takeSelfie } from '../testing/selfies.ts';
import { type Part, startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { type CaptureStep, drawSteps, frameSizeMaxBytes } from './challenge.ts';
import { sweepSelfies } from './sweep-selfies.ts';

const clock = drivenClock();
let uploads: UploadSystem;
let ahead: Buffer;

beforeAll(async () => {
  uploads = await startUploads({ withAi: true, clock, env: { SELFIE_PROOF: 'challenge' } });
  ahead = await poseAhead();
});

afterAll(() => uploads?.close());

interface Challenge {
  readonly challengeId: string;
  readonly steps: readonly CaptureStep[];
}

const consenting = () => uploads.signUp({ consent: true });

async function ask(member: Member): Promise<Challenge> {
  const url = '/v1/facecams/challenges';
  const answer = await uploads.system.app.inject({ method: 'POST', url, headers: member.headers });
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json();
}

/** The selfie, and what was asked, as the guest does it. */
const posesOf = ({ steps }: Pick<Challenge, 'steps'>) => Promise.all(steps.map((step) => pose(step)));

async function answer(member: Member, challengeId: string, frames: readonly Buffer[], selfie = ahead) {
  const parts: Part[] = [
    ['challengeId', challengeId],
    ['selfie', selfie, 'me.jpg'],
    ...frames.map((frame): Part => ['frames', frame, 'frame.jpg']),
  ];
  return uploads.send('/v1/facecams', { ...member.headers, 'accept-language': 'id' }, parts);
}

async function pass(member: Member, selfie = ahead) {
  const challenge = await ask(member);
  return answer(member, challenge.challengeId, await posesOf(challenge), selfie);
}

async function list(member: Member): Promise<{ facecamId: string; status: string; provenLive: boolean }[]> {
  return (await uploads.system.app.inject({ url: '/v1/facecams', headers: member.headers })).json().items;
}

const settled = (member: Member) =>
  waitFor(async () => (await list(member)).every(({ status }) => status === 'ready'), {
    what: 'the facecams to be ready',
    timeoutMs: 30_000,
  });

/** Selfies and files on their way, once all that goes is gone. */
async function listLeft(): Promise<string[]> {
  const isIdle = async () => (await uploads.ctx.jobs.countOpen(deleteObjectJob)) === 0;
  await waitFor(isIdle, { what: 'the selfies to be deleted', timeoutMs: 20_000 });
  return (await uploads.listFiles()).filter((file) => /selfies|spool/.test(file));
}

/** The problem, with the step that it names, in the language that was asked for. */
function problemOf(code: Reason, step?: number) {
  return { status: 422, code, detail: problems[code].id.replace('{step}', String(step)) };
}

test('a challenge asks for all steps in an order of its own, for two minutes', async () => {
  const member = await consenting();
  const challenge = await ask(member);
  expect(challenge).toEqual({
    challengeId: expect.any(String),
    steps: expect.any(Array),
    framesPerStepMax: 3,
    framesMax: 9,
    expiresAt: new Date(clock.now().getTime() + 120_000).toISOString(),
  });
  expect([...challenge.steps].sort()).toEqual(['blink', 'turn_left', 'turn_right']);
  const orders = new Set(Array.from({ length: 500 }, () => drawSteps().join()));
  expect(orders.size).toBe(6);
});

test('without a consent in force nobody is asked for anything', async () => {
  const { headers } = await uploads.signUp();
  const refused = await uploads.system.app.inject({ method: 'POST', url: '/v1/facecams/challenges', headers });
  expect(refused.json()).toMatchObject({ status: 403, code: 'CONSENT_REQUIRED' });
  const nobody = await uploads.system.app.inject({ method: 'POST', url: '/v1/facecams/challenges' });
  expect(nobody.statusCode).toBe(401);
});

test('where proof is asked for a bent picture alone is no selfie', async () => {
  const member = await consenting();
  const parts: Part[] = [['selfie', ahead, 'me.jpg']];
  const refused = await uploads.send('/v1/facecams', { ...member.headers, 'accept-language': 'id' }, parts);
  expect(refused.json()).toMatchObject(problemOf('FACECAM_CHALLENGE_REQUIRED'));
  const withFrames: Part[] = [...parts, ['frames', await pose('blink'), 'frame.jpg']];
  expect((await uploads.send('/v1/facecams', member.headers, withFrames)).json().code).toBe(
    'FACECAM_CHALLENGE_REQUIRED',
  );
  expect(await list(member)).toEqual([]);
});

test('who does what was asked is proven to be before the camera, in the templates of ai too, and no frame is kept', async () => {
  const member = await consenting();
  const before = await listLeft();
  const enrolled = await pass(member);
  expect(enrolled.statusCode, enrolled.body).toBe(201);
  await settled(member);
  const { facecamId } = enrolled.json();
  expect(await list(member)).toMatchObject([{ facecamId, provenLive: true }]);
  expect(await provenInAi(uploads.system, facecamId)).toEqual([true]);
  expect(await listLeft()).toEqual(before);
});

test('several frames of a step may be sent: one of them shows it', async () => {
  const member = await consenting();
  const { challengeId, steps } = await ask(member);
  const frames: Buffer[] = [];
  for (const step of steps) {
    const start = step === 'blink' ? await takeNearlyAhead() : await pose(step, 2);
    frames.push(start, await pose(step));
  }
  const enrolled = await answer(member, challengeId, frames);
  expect(enrolled.statusCode, enrolled.body).toBe(201);
});

/** With open eyes still. */
async function takeNearlyAhead(): Promise<Buffer> {
  return sharp(await takeSelfie())
    .jpeg({ quality: 80 })
    .toBuffer();
}

test('a challenge is used once, also when it was not followed', async () => {
  const member = await consenting();
  const { challengeId, steps } = await ask(member);
  const poses = await posesOf({ steps });
  const [first, second, third] = poses;
  const inOtherOrder = [second, third, first].filter((frame) => frame !== undefined);
  const refused = await answer(member, challengeId, inOtherOrder);
  expect(refused.json()).toMatchObject(problemOf('FACECAM_CHALLENGE_NOT_FOLLOWED', 1));
  const again = await answer(member, challengeId, poses);
  expect(again.json()).toMatchObject(problemOf('FACECAM_CHALLENGE_EXPIRED'));
  expect(await list(member)).toEqual([]);
});

test('of two who answer one challenge at once one is enrolled', async () => {
  const member = await consenting();
  const challenge = await ask(member);
  const poses = await posesOf(challenge);
  const other = await sharp(ahead).jpeg({ quality: 85 }).toBuffer();
  const answers = await Promise.all(
    [ahead, other].map((selfie) => answer(member, challenge.challengeId, poses, selfie)),
  );
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 422]);
  expect(answers.find(({ statusCode }) => statusCode === 422)?.json().code).toBe('FACECAM_CHALLENGE_EXPIRED');
  expect(await list(member)).toHaveLength(1);
});

test("another member's challenge is worth nothing, and theirs all the same", async () => {
  const [member, thief] = [await consenting(), await consenting()];
  const challenge = await ask(member);
  const poses = await posesOf(challenge);
  const stolen = await answer(thief, challenge.challengeId, poses);
  expect(stolen.json()).toMatchObject(problemOf('FACECAM_CHALLENGE_EXPIRED'));
  const enrolled = await answer(member, challenge.challengeId, poses);
  expect(enrolled.statusCode, enrolled.body).toBe(201);
});

test('a challenge is worth nothing after two minutes, after a new one, and under a later consent', async () => {
  const member = await consenting();
  const late = await ask(member);
  clock.advance(120);
  const poses = await posesOf(late);
  expect((await answer(member, late.challengeId, poses)).json().code).toBe('FACECAM_CHALLENGE_EXPIRED');

  const replaced = await ask(member);
  const asked = await ask(member);
  expect((await answer(member, replaced.challengeId, await posesOf(replaced))).json().code).toBe(
    'FACECAM_CHALLENGE_EXPIRED',
  );

  const consent = { url: '/v1/me/consent', headers: member.headers };
  await uploads.system.app.inject({ method: 'DELETE', ...consent });
  const { current } = (await uploads.system.app.inject(consent)).json();
  await uploads.system.app.inject({ method: 'PUT', ...consent, payload: { version: current.version } });
  const renewed = await answer(member, asked.challengeId, await posesOf(asked));
  expect(renewed.json().code).toBe('FACECAM_CHALLENGE_EXPIRED');
  expect(await list(member)).toEqual([]);
});

test('challenges whose time is over are swept', async () => {
  const member = await consenting();
  await ask(member);
  const count = async () => {
    const rows = uploads.ctx.db.selectFrom('capture_challenges').where('member_id', '=', member.accountId);
    return (await rows.selectAll().execute()).length;
  };
  const sweep = () => sweepSelfies({ ...uploads.ctx, clock });
  await sweep();
  expect(await count()).toBe(1);
  clock.advance(120);
  await sweep();
  expect(await count()).toBe(0);
});

test.each([
  ['the same still for each step', 'FACECAM_CHALLENGE_REPEATED', 1, () => againAndAgain()],
  ['the person of somebody else in a step', 'FACECAM_CHALLENGE_OTHER_PERSON', 2, () => takeSelfie('friend')],
  ['nobody in a step', 'FACECAM_CHALLENGE_UNCLEAR', 2, () => spoilSelfie('nobody')],
  ['two people in a step', 'FACECAM_CHALLENGE_UNCLEAR', 2, () => spoilSelfie('two faces')],
] as [string, Reason, number, () => Promise<Buffer>][])(
  'a capture with %s is refused with %s, which names it, and not kept',
  async (_what, code, step, take) => {
    const member = await consenting();
    const before = await listLeft();
    const { challengeId, steps } = await ask(member);
    const bad = await take();
    const frames = (await posesOf({ steps })).map((frame, i) => (step === 1 || i + 1 === step ? bad : frame));
    const refused = await answer(member, challengeId, frames);
    expect(refused.json()).toMatchObject(problemOf(code, step));
    expect(await list(member)).toEqual([]);
    expect(await listLeft()).toEqual(before);
  },
);

/** The selfie, compressed anew. */
async function againAndAgain(): Promise<Buffer> {
  return sharp(ahead).resize(420).jpeg({ quality: 70 }).toBuffer();
}

test.each([
  ['no frames', 400, 'FACECAM_CHALLENGE_FRAMES', []],
  ['fewer frames than steps', 400, 'FACECAM_CHALLENGE_FRAMES', [100, 100]],
  ['more frames than a challenge has', 400, 'TOO_MANY_FILES', Array(10).fill(100)],
  ['an empty frame', 400, 'FILE_EMPTY', [100, 100, 0]],
  ['a frame too large', 413, 'FILE_TOO_LARGE', [100, frameSizeMaxBytes + 1, 100]],
] as [string, number, string, number[]][])(
  'a form with %s is answered %i %s, and its challenge is as before',
  async (_what, status, code, sizes) => {
    const member = await consenting();
    const challenge = await ask(member);
    const frames = sizes.map((size) => Buffer.alloc(size, 1));
    expect((await answer(member, challenge.challengeId, frames)).json()).toMatchObject({ status, code });
    const whole = await answer(member, challenge.challengeId, await posesOf(challenge));
    expect(whole.statusCode, whole.body).toBe(201);
  },
);

test('a selfie that is enrolled without proof is enrolled anew with it; one with proof is known', async () => {
  const member = await consenting();
  await pass(member);
  await settled(member);
  await uploads.ctx.db
    .updateTable('facecams')
    .set({ proven_live: false })
    .where('member_id', '=', member.accountId)
    .execute();
  const [unproven] = await list(member);
  const challenge = await ask(member);
  const poses = await posesOf(challenge);
  const proven = await answer(member, challenge.challengeId, poses);
  expect(proven.statusCode, proven.body).toBe(201);
  await settled(member);
  expect(await list(member)).toMatchObject([{ provenLive: true, facecamId: proven.json().facecamId }]);
  expect(proven.json().facecamId).not.toBe(unproven?.facecamId);
  // Whoever did not hear the answer sends it again.
  const again = await answer(member, challenge.challengeId, poses);
  expect([again.statusCode, again.json().facecamId]).toEqual([200, proven.json().facecamId]);
});

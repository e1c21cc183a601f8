import { Readable } from 'node:stream';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deleteObjectJob } from '../objects/delete-object.ts';
import { spoolStream } from '../spool/spool.ts';
import { takeSelfie } from '../testing/selfies.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { addFacecam } from './add-facecam.ts';
import { discardSelfie } from './discard-selfie.ts';
import { enrolFacecam } from './enrol-facecam.ts';
import { enrolFacecamJob } from './jobs.ts';
import { insertSelfieIntent } from './selfie-intent-store.ts';
import { sweepSelfies } from './sweep-selfies.ts';

const clock = drivenClock();
let uploads: UploadSystem;

beforeAll(async () => {
  uploads = await startUploads({ withAi: true, clock });
});

afterAll(() => uploads?.close());

const isSelfieStored = (key: string) => uploads.ctx.objects.exists({ bucket: 'selfies', key });
const rowsOf = (member: Member) =>
  uploads.ctx.db.selectFrom('facecams').selectAll().where('member_id', '=', member.accountId).execute();

async function enrol(member: Member, keepSelfie: boolean, variant = 0): Promise<string> {
  const response = await uploads.send('/v1/facecams', member.headers, [
    ['keepSelfie', String(keepSelfie)],
    ['selfie', await takeSelfie('guest', variant), 'me.jpg'],
  ]);
  expect(response.statusCode, response.body).toBe(201);
  return response.json().facecamId;
}

const allReady = (member: Member) =>
  waitFor(async () => (await rowsOf(member)).every(({ state }) => state === 'ready'), {
    what: 'the facecams to be ready',
    timeoutMs: 25_000,
  });

const idle = () =>
  waitFor(
    async () =>
      (await uploads.ctx.jobs.countOpen(enrolFacecamJob)) + (await uploads.ctx.jobs.countOpen(deleteObjectJob)) === 0,
    { what: 'the jobs to end', timeoutMs: 25_000 },
  );

/** Withdraws as the member does, and waits until this service has said what it removed. */
async function withdraw(member: Member): Promise<Record<string, number>> {
  const { headers } = member;
  const answer = await uploads.system.app.inject({ method: 'DELETE', url: '/v1/me/consent', headers });
  const url = `/v1/me/consent/receipts/${answer.json().receiptId}`;
  return waitFor(async () => (await uploads.system.app.inject({ url, headers })).json().removed.upload ?? undefined, {
    what: 'the receipt of upload',
    timeoutMs: 20_000,
  });
}

test('withdrawing the consent removes facecams and kept selfies, and the receipt counts them', async () => {
  const member = await uploads.signUp({ consent: true });
  await enrol(member, true);
  await allReady(member);
  await enrol(member, false, 1);
  await allReady(member);
  const keys = (await rowsOf(member)).map(({ selfie_key }) => selfie_key).filter((key) => key !== null);
  expect(keys).toHaveLength(1);
  expect(await withdraw(member)).toEqual({ facecams: 2, selfies: 1 });
  expect(await rowsOf(member)).toEqual([]);
  await idle();
  for (const key of keys) expect(await isSelfieStored(key)).toBe(false);
  const listed = await uploads.system.app.inject({ url: '/v1/facecams', headers: member.headers });
  expect(listed.json().items).toEqual([]);
});

test('a withdrawal takes nothing from anybody else', async () => {
  const [leaving, staying] = [await uploads.signUp({ consent: true }), await uploads.signUp({ consent: true })];
  await enrol(staying, true);
  await allReady(staying);
  await withdraw(leaving);
  expect(await rowsOf(staying)).toMatchObject([{ state: 'ready' }]);
});

test('an enrolment that waits while the consent is withdrawn writes nothing back', async () => {
  const member = await uploads.signUp({ consent: true });
  await uploads.system.service('upload').hold();
  const facecamId = await enrol(member, true);
  const [row] = await rowsOf(member);
  expect(await withdraw(member)).toEqual({ facecams: 1, selfies: 1 });
  await uploads.system.service('upload').work();
  await idle();
  await enrolFacecam(uploads.ctx, run({ facecamId }));
  expect(await rowsOf(member)).toEqual([]);
  expect(await isSelfieStored(row?.selfie_key ?? '')).toBe(false);
});

test('an enrolment at work while the consent is withdrawn writes nothing back', async () => {
  const member = await uploads.signUp({ consent: true });
  await uploads.system.service('upload').hold();
  const facecamId = await enrol(member, true);
  const [row] = await rowsOf(member);
  await Promise.all([enrolFacecam(uploads.ctx, run({ facecamId })), withdraw(member)]);
  await uploads.system.service('upload').work();
  await idle();
  expect(await rowsOf(member)).toEqual([]);
  expect(await isSelfieStored(row?.selfie_key ?? '')).toBe(false);
});

test('a request that still carries the withdrawn consent is refused and leaves no selfie', async () => {
  const member = await uploads.signUp({ consent: true });
  await withdraw(member);
  const selfie = await takeSelfie();
  const before = await uploads.listFiles();
  const reason = await uploads.ctx.spool.withFolder(async (folder) => {
    const file = await spoolStream(folder, Readable.from([selfie]));
    const selfieOf = { memberId: member.accountId, consentEpoch: 1, keepSelfie: true, file, isTruncated: false };
    const input = { ...selfieOf, challengeId: undefined, frames: [] };
    return addFacecam(uploads.ctx, input).catch((error) => refusalOf(error)?.reason);
  });
  expect(reason).toBe('CONSENT_WITHDRAWN');
  await idle();
  expect((await uploads.listFiles()).sort()).toEqual(before.sort());
  expect(await rowsOf(member)).toEqual([]);
});

test('a new consent right after a withdrawal enrols the same selfie anew', async () => {
  const member = await uploads.signUp({ consent: true });
  await enrol(member, false);
  await allReady(member);
  await withdraw(member);
  const { headers } = member;
  const { current } = (await uploads.system.app.inject({ url: '/v1/me/consent', headers })).json();
  const payload = { version: current.version };
  await uploads.system.app.inject({ method: 'PUT', url: '/v1/me/consent', headers, payload });
  await enrol(member, false);
  await allReady(member);
  expect(await rowsOf(member)).toMatchObject([{ consent_epoch: 2 }]);
});

test('a selfie stored by a process that died before a facecam owned it is swept, an owned one never', async () => {
  const member = await uploads.signUp({ consent: true });
  await enrol(member, true);
  await allReady(member);
  const [owned] = await rowsOf(member);
  const key = newObjectKey();
  await insertSelfieIntent(uploads.ctx.db, { selfieKey: key, now: clock.now() });
  await uploads.ctx.objects.write({ bucket: 'selfies', key }, await takeSelfie());
  clock.advance(590);
  await sweepSelfies(uploads.ctx);
  await idle();
  expect(await isSelfieStored(key)).toBe(true);
  clock.advance(20);
  await sweepSelfies(uploads.ctx);
  await discardSelfie(uploads.ctx, owned?.selfie_key ?? '');
  await idle();
  expect(await isSelfieStored(key)).toBe(false);
  expect(await isSelfieStored(owned?.selfie_key ?? '')).toBe(true);
  expect(await uploads.ctx.db.selectFrom('selfie_intents').selectAll().execute()).toEqual([]);
});

test('the log of enrolments is forgotten after 30 days', async () => {
  await uploads.ctx.db
    .insertInto('facecam_enrolments')
    .values({ facecam_id: newId(), member_id: newId(), enrolled_at: clock.now() })
    .execute();
  clock.advance(31 * 86_400);
  await sweepSelfies(uploads.ctx);
  expect(await uploads.ctx.db.selectFrom('facecam_enrolments').selectAll().execute()).toEqual([]);
});

function run(data: { facecamId: string }) {
  return { data, attempt: 0, isLastAttempt: false, signal: new AbortController().signal };
}

import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { ConsentWithdrawnSchema, CutOffFacesDueSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { Jobs } from '@kilas/platform/jobs/jobs.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { query } from '@kilas/testkit/query.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { UserSchema } from '../db/schema.ts';
import { signIn } from '../testing/client.ts';
import { listenAs } from '../testing/subscriber.ts';
import { askForCutOffOften } from './ask-for-cut-off.ts';

let system: TestSystem;
let member: Member;
let others: { readonly heard: readonly { memberId: string; epoch: number }[]; leave(): void }[] = [];
beforeAll(async () => {
  system = await startSystem({ services: ['user'] });
});
beforeEach(async () => {
  for (const other of others) other.leave();
  others = [];
  member = await signUpMember(system, { consent: true });
});
afterAll(() => system.close());

function listen() {
  const ai = listenAs(system, 'ai', ConsentWithdrawnSchema, { templates: 2, faces: 7 });
  const photo = listenAs(system, 'photo', ConsentWithdrawnSchema, { matches: 5 });
  const upload = listenAs(system, 'upload', ConsentWithdrawnSchema);
  others = [ai, photo, upload];
  return { ai, photo, upload };
}

const withdrawn = z.object({ receiptId: z.uuid() });

async function withdraw(): Promise<string> {
  const request = { method: 'DELETE', url: '/v1/me/consent', headers: member.headers } as const;
  const response = await system.app.inject(request);
  expect(response.statusCode).toBe(202);
  return withdrawn.parse(response.json()).receiptId;
}

const receipt = z.object({
  requestedAt: z.iso.datetime(),
  completedAt: z.iso.datetime().nullable(),
  removed: z.record(z.string(), z.record(z.string(), z.number()).nullable()),
  removedAt: z.record(z.string(), z.iso.datetime().nullable()),
  unsearchableAt: z.iso.datetime().nullable(),
  goneAt: z.iso.datetime().nullable(),
  items: z.array(
    z.object({
      place: z.string(),
      kind: z.string(),
      count: z.number(),
      unsearchableAt: z.iso.datetime().nullable(),
      goneAt: z.iso.datetime().nullable(),
    }),
  ),
  probes: z.array(z.object({ place: z.string(), vectorsProbed: z.number(), survivors: z.number() })),
});

const getReceipt = (receiptId: string, headers = member.headers) =>
  system.app.inject({ url: `/v1/me/consent/receipts/${receiptId}`, headers });

async function readReceipt(receiptId: string) {
  return receipt.parse((await getReceipt(receiptId)).json());
}

async function completed(receiptId: string) {
  const isComplete = async () => {
    const read = await readReceipt(receiptId);
    return read.completedAt === null ? undefined : read;
  };
  return waitFor(isComplete, { what: 'the receipt to be complete', timeoutMs: 20_000 });
}

test('all who hold face data are told, and the receipt says what each removed', async () => {
  const { ai, photo, upload } = listen();
  const receiptId = await withdraw();
  const read = await completed(receiptId);
  expect(read.removed).toEqual({
    ai: { templates: 2, faces: 7 },
    photo: { matches: 5 },
    upload: {},
    user: { notifications: 0, likenesses: 0 },
    journal: { entries: 1 },
  });
  expect(Object.values(read.removedAt)).not.toContain(null);
  for (const { heard } of [ai, photo, upload]) {
    expect(heard).toMatchObject([{ memberId: member.accountId, epoch: 1 }]);
  }
});

test('a receipt stays open until the last service has answered', async () => {
  const { ai } = listen();
  ai.leave();
  const receiptId = await withdraw();
  const isHalf = async () => {
    const { removed } = await readReceipt(receiptId);
    return removed.photo !== null && removed.upload !== null;
  };
  await waitFor(isHalf, { what: 'photo and upload to answer' });
  expect(await readReceipt(receiptId)).toMatchObject({
    completedAt: null,
    removed: { ai: null, photo: { matches: 5 } },
  });
  listen();
  expect((await completed(receiptId)).removed).toMatchObject({ ai: { templates: 2 } });
});

test('the receipt says when the face could not be found any more, when it was physically gone, and what was looked for', async () => {
  const { ai } = listen();
  ai.leave();
  const unsearchableAt = timestampFromDate(new Date('2026-05-01T10:00:00Z'));
  const goneAt = timestampFromDate(new Date('2026-05-01T10:00:07Z'));
  let isGone = false;
  const effects = { templates: 2, faces: 7 };
  // The first time it knows the vectors; something still holds what it erased.
  const prove = () =>
    isGone
      ? { unsearchableAt, goneAt, vectorsProbed: 0, survivors: 0 }
      : { unsearchableAt, vectorsProbed: 9, survivors: 0 };
  others.push(listenAs(system, 'ai', ConsentWithdrawnSchema, effects, prove));
  const receiptId = await withdraw();
  const isUnsearchable = async () => (await readReceipt(receiptId)).unsearchableAt !== null;
  await waitFor(isUnsearchable, { what: 'the face to be unsearchable everywhere', timeoutMs: 20_000 });
  expect(await readReceipt(receiptId)).toMatchObject({ completedAt: null, goneAt: null });
  isGone = true;
  const read = await completed(receiptId);
  const times = { unsearchableAt: '2026-05-01T10:00:00.000Z', goneAt: '2026-05-01T10:00:07.000Z' };
  expect(read.items).toContainEqual({ place: 'ai', kind: 'templates', count: 2, ...times });
  expect(read.items).toContainEqual({ place: 'ai', kind: 'faces', count: 7, ...times });
  expect(read.items).toContainEqual(
    expect.objectContaining({ place: 'photo', kind: 'matches', count: 5, goneAt: null }),
  );
  expect(read.goneAt).not.toBeNull();
  expect(read.probes).toEqual([{ place: 'ai', vectorsProbed: 9, survivors: 0 }]);
});

test('a receipt says what was found of the face after its removal', async () => {
  const { ai } = listen();
  ai.leave();
  const at = timestampFromDate(new Date('2026-05-01T10:00:00Z'));
  const prove = () => ({ unsearchableAt: at, goneAt: at, vectorsProbed: 3, survivors: 1 });
  others.push(listenAs(system, 'ai', ConsentWithdrawnSchema, {}, prove));
  const read = await completed(await withdraw());
  expect(read.probes).toEqual([{ place: 'ai', vectorsProbed: 3, survivors: 1 }]);
  expect(read.unsearchableAt).toBeNull();
});

test('withdrawing twice, or twice at once, is one withdrawal with one receipt', async () => {
  const { photo } = listen();
  const [first, second] = await Promise.all([withdraw(), withdraw()]);
  expect(second).toBe(first);
  expect(await withdraw()).toBe(first);
  await completed(first ?? '');
  expect(photo.heard).toHaveLength(1);
});

test('a withdrawal ends every consent that is in force, also one from before the newest', async () => {
  const given =
    "insert into consents (id, account_id, epoch, version, given_at) values ($1, $2, 2, '2020-01-01', now())";
  await query(system.databaseUrls.user, given, [newId(), member.accountId]);
  listen();
  await completed(await withdraw());
  const read = 'select epoch, withdrawn_at is not null as ended from consents where account_id = $1 order by epoch';
  expect(await query(system.databaseUrls.user, read, [member.accountId])).toEqual([
    { epoch: 1, ended: true },
    { epoch: 2, ended: true },
  ]);
});

test('each withdrawal has a receipt of its own', async () => {
  const { upload } = listen();
  const first = await withdraw();
  const version = z.object({ current: z.object({ version: z.string() }) });
  const status = await system.app.inject({ url: '/v1/me/consent', headers: member.headers });
  const payload = version.parse(status.json()).current;
  const again = { method: 'PUT', url: '/v1/me/consent', headers: member.headers } as const;
  const put = await system.app.inject({ ...again, payload: { version: payload.version } });
  expect(put.json()).toMatchObject({ epoch: 2 });
  const second = await withdraw();
  expect(second).not.toBe(first);
  await completed(first);
  await completed(second);
  expect(upload.heard.map(({ epoch }) => epoch)).toEqual([1, 2]);
});

test('who withdraws tells the loosest level that they chose since the last time, for it showed them faces', async () => {
  const { ai } = listen();
  const own = { url: '/v1/me', headers: member.headers };
  const choose = (matchLevel: number | null) => system.app.inject({ method: 'PATCH', ...own, payload: { matchLevel } });
  const consent = { url: '/v1/me/consent', headers: member.headers };
  const consentAgain = async () => {
    const { current } = (await system.app.inject(consent)).json();
    await system.app.inject({ method: 'PUT', ...consent, payload: { version: current.version } });
  };
  for (const level of [4, 2, 7]) await choose(level);
  await withdraw();
  await consentAgain();
  await withdraw();
  await choose(null);
  await consentAgain();
  await withdraw();
  await consentAgain();
  await withdraw();
  await waitFor(() => ai.heard.length === 4, { what: 'ai to hear of all withdrawals' });
  expect(ai.heard.map(({ loosestLevel }) => loosestLevel)).toEqual([2, 7, 7, 0]);
});

test('a level that stands from before loosest levels were kept is told by who went back to the default since', async () => {
  const { ai } = listen();
  const own = { url: '/v1/me', headers: member.headers };
  await system.app.inject({ method: 'PATCH', ...own, payload: { matchLevel: 2 } });
  await query(system.databaseUrls.user, 'update accounts set loosest_level = null where id = $1', [member.accountId]);
  await system.app.inject({ method: 'PATCH', ...own, payload: { matchLevel: null } });
  await withdraw();
  await waitFor(() => ai.heard.length === 1, { what: 'ai to hear of the withdrawal' });
  expect(ai.heard).toMatchObject([{ loosestLevel: 2 }]);
});

test('who never consented has nothing to withdraw', async () => {
  const stranger = await signUpMember(system);
  const response = await system.app.inject({ method: 'DELETE', url: '/v1/me/consent', headers: stranger.headers });
  expect(response.statusCode).toBe(422);
  expect(response.json()).toMatchObject({ code: 'CONSENT_NOT_GIVEN' });
});

test('nobody reads the receipt of another', async () => {
  const receiptId = await withdraw();
  const stranger = await signUpMember(system);
  for (const id of [receiptId, newId()]) {
    const response = await getReceipt(id, stranger.headers);
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ code: 'RECEIPT_NOT_FOUND' });
  }
});

/** Runs the job that asks, as often as given. */
async function runAsking(apart: TestSystem, times: number): Promise<void> {
  const url = apart.databaseUrls.user;
  const db = openDatabase<UserSchema>({ url, poolSizeMax: 1, onTrouble: () => {} });
  const jobs = new Jobs({ databaseUrl: url, log: openLog('test', 'silent') });
  await jobs.start([askForCutOffOften]);
  for (let run = 0; run < times; run++) {
    await db.transaction().execute((tx) => jobs.send(tx, askForCutOffOften, {}));
  }
  await waitFor(async () => (await jobs.countOpen(askForCutOffOften)) === 0, { what: 'the job', timeoutMs: 20_000 });
  await jobs.stop();
  await db.destroy();
}

test('the receipt says until when faces wait that were cut off, and when they were gone; no other event waits for it', async () => {
  const clock = drivenClock();
  const apart = await startSystem({ services: ['user'], clock });
  const leaves: { leave(): void }[] = [];
  try {
    const leaving = await signUpMember(apart, { consent: true });
    const at = timestampFromDate(clock.now());
    const until = addSeconds(clock.now(), 7 * 86_400);
    const effects = { templates: 1, faces: 2, facesCutOff: 3 };
    const proof = { unsearchableAt: at, goneAt: at, vectorsProbed: 3, survivors: 0 };
    const asked: string[] = [];
    let isGone = false;
    const left = apart.network.serve('ai', {
      interceptors: [],
      routes: (router) => {
        router.service(EventService, {
          deliver: ({ type, key, eventId }) => {
            if (type === CutOffFacesDueSchema.typeName) asked.push(eventId);
            if (type === ConsentWithdrawnSchema.typeName) {
              return { effects, proof: { ...proof, cutOffUntil: timestampFromDate(until) } };
            }
            expect([type, key]).toEqual([CutOffFacesDueSchema.typeName, receiptId]);
            const gone = timestampFromDate(clock.now());
            return {
              proof: { unsearchableAt: gone, vectorsProbed: 0, survivors: 0, ...(isGone ? { goneAt: gone } : {}) },
            };
          },
        });
      },
    });
    leaves.push({ leave: left });
    leaves.push(listenAs(apart, 'photo', ConsentWithdrawnSchema), listenAs(apart, 'upload', ConsentWithdrawnSchema));
    let { headers } = leaving;
    const answer = await apart.app.inject({ method: 'DELETE', url: '/v1/me/consent', headers });
    const { receiptId } = withdrawn.parse(answer.json());
    const read = async () => (await apart.app.inject({ url: `/v1/me/consent/receipts/${receiptId}`, headers })).json();
    await waitFor(async () => (await read()).completedAt !== null, { what: 'the receipt', timeoutMs: 20_000 });
    const before = await read();
    expect(before.removed.ai).toEqual({ templates: 1, faces: 2 });
    expect(before.cutOffFaces).toEqual({
      count: 3,
      cutOffAt: before.removedAt.ai,
      until: until.toISOString(),
      goneAt: null,
    });

    await runAsking(apart, 1);
    clock.advance(7 * 86_400);
    const { accessToken } = (await signIn(apart, leaving.username)).json();
    headers = { authorization: `Bearer ${accessToken}` };
    await runAsking(apart, 3);
    await waitFor(async () => asked.length > 0, { what: 'ai to be asked', timeoutMs: 20_000 });
    expect((await read()).cutOffFaces.goneAt).toBeNull();
    isGone = true;
    const isTold = async () => (await read()).cutOffFaces.goneAt !== null;
    await waitFor(isTold, { what: 'the faces to be gone', timeoutMs: 60_000 });
    expect((await read()).cutOffFaces.goneAt).toBe(clock.now().toISOString());
    // Asked once, however often the job ran.
    expect(new Set(asked).size).toBe(1);
  } finally {
    for (const { leave } of leaves) leave();
    await apart.close();
  }
});

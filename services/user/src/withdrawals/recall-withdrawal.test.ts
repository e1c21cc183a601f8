import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { consentVersion } from '@kilas/messages/consent.ts';
import { systemClock } from '@kilas/platform/process/clock.ts';
import { openMemorySharedState } from '@kilas/platform/shared/memory-shared-state.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { openService } from '../service.ts';
import { listenAs } from '../testing/subscriber.ts';

let system: TestSystem;
let client: pg.Client;
let member: Member;
let heard: readonly { memberId: string; epoch: number }[];

beforeAll(async () => {
  system = await startSystem({ services: ['user'] });
  client = new pg.Client({ connectionString: system.databaseUrls.user });
  await client.connect();
  const { heard: list } = listenAs(system, 'ai', ConsentWithdrawnSchema, { templates: 1 });
  listenAs(system, 'photo', ConsentWithdrawnSchema);
  listenAs(system, 'upload', ConsentWithdrawnSchema);
  heard = list;
});

beforeEach(async () => {
  member = await signUpMember(system, { consent: true });
});

afterAll(async () => {
  await client.end();
  await system.close();
});

const consent = z.object({ isGiven: z.boolean(), epoch: z.number() });
const receipt = z.object({ completedAt: z.string().nullable(), removed: z.record(z.string(), z.unknown()) });
const call = (method: 'GET' | 'PUT' | 'DELETE', url: string, payload?: object) =>
  system.app.inject({ method, url, headers: member.headers, ...(payload === undefined ? {} : { payload }) });
const readConsent = async () => consent.parse((await call('GET', '/v1/me/consent')).json());

async function withdraw(): Promise<string> {
  const { receiptId } = z.object({ receiptId: z.string() }).parse((await call('DELETE', '/v1/me/consent')).json());
  await waitFor(async () => (await readReceipt(receiptId)).completedAt !== null, {
    what: 'the receipt',
    timeoutMs: 20_000,
  });
  return receiptId;
}

async function readReceipt(receiptId: string) {
  const response = await call('GET', `/v1/me/consent/receipts/${receiptId}`);
  expect(response.statusCode).toBe(200);
  return receipt.parse(response.json());
}

/** The state of the database before anything was withdrawn. */
async function forgetWithdrawals(): Promise<void> {
  const own = 'select id from consent_receipts where account_id = $1';
  await client.query(`delete from consent_erasures where receipt_id in (${own})`, [member.accountId]);
  await client.query('delete from consent_receipts where account_id = $1', [member.accountId]);
  await client.query('delete from consents where account_id = $1 and epoch > 1', [member.accountId]);
  await client.query('update consents set withdrawn_at = null where account_id = $1', [member.accountId]);
  await client.query('delete from handled_events');
}

/** One more process of the service comes up on the database. */
async function startAgain(): Promise<void> {
  const shared = openMemorySharedState();
  const wiring = { clock: systemClock, shared, peers: () => () => ({}) as never };
  const service = await openService(system.environmentOf('user'), wiring);
  await service.close();
}

test('a database that was restored to a state before a withdrawal knows of it again before anything is served', async () => {
  const receiptId = await withdraw();
  await forgetWithdrawals();
  expect(await readConsent()).toMatchObject({ isGiven: true, epoch: 1 });
  await startAgain();
  expect(await readConsent()).toMatchObject({ isGiven: false, epoch: 0 });
  // The others are told once more, and the receipt that the member holds is complete again.
  await waitFor(async () => (await readReceipt(receiptId)).completedAt !== null, {
    what: 'the receipt to be complete again',
    timeoutMs: 20_000,
  });
  expect((await readReceipt(receiptId)).removed).toMatchObject({ ai: { templates: 1 }, journal: { entries: 1 } });
  expect(heard.filter(({ memberId }) => memberId === member.accountId)).toMatchObject([{ epoch: 1 }, { epoch: 1 }]);
});

test('a consent after a restored withdrawal begins an epoch that was never used, although its consents are forgotten', async () => {
  for (const _ of [1, 2]) {
    await withdraw();
    await call('PUT', '/v1/me/consent', { version: consentVersion });
  }
  expect(await readConsent()).toMatchObject({ epoch: 3 });
  await forgetWithdrawals();
  await startAgain();
  await call('PUT', '/v1/me/consent', { version: consentVersion });
  expect(await readConsent()).toMatchObject({ isGiven: true, epoch: 3 });
});

test('a start that has nothing to recall changes nothing, and tells nobody', async () => {
  await withdraw();
  await call('PUT', '/v1/me/consent', { version: consentVersion });
  const count = heard.length;
  await startAgain();
  expect(await readConsent()).toMatchObject({ isGiven: true, epoch: 2 });
  const { rows } = await client.query<{ count: string }>('select count(*) from outbox_events');
  expect(rows).toEqual([{ count: '0' }]);
  expect(heard).toHaveLength(count);
});

test('a withdrawal of somebody who is not in the restored database is passed over', async () => {
  await withdraw();
  await client.query('begin');
  await forgetWithdrawals();
  await client.query('delete from consents where account_id = $1', [member.accountId]);
  await client.query('delete from refresh_tokens where session_id in (select id from sessions where account_id = $1)', [
    member.accountId,
  ]);
  await client.query('delete from sessions where account_id = $1', [member.accountId]);
  await client.query('delete from accounts where id = $1', [member.accountId]);
  await client.query('commit');
  await startAgain();
  const { rows } = await client.query('select id from consent_receipts where account_id = $1', [member.accountId]);
  expect(rows).toEqual([]);
});

test('a receipt is complete only when the journal holds the withdrawal', async () => {
  const apart = await startSystem({
    services: ['user'],
    objects: 's3',
    env: { ERASURE_JOURNAL_URL: 's3:kilas-erasures' },
  });
  try {
    for (const name of ['ai', 'photo', 'upload']) listenAs(apart, name, ConsentWithdrawnSchema);
    const { headers } = await signUpMember(apart, { consent: true });
    apart.s3?.answer503(true);
    const response = await apart.app.inject({ method: 'DELETE', url: '/v1/me/consent', headers });
    const { receiptId } = z.object({ receiptId: z.string() }).parse(response.json());
    const read = async () =>
      receipt.parse((await apart.app.inject({ url: `/v1/me/consent/receipts/${receiptId}`, headers })).json());
    const haveOthers = async () =>
      Object.values((await read()).removed).filter((removed) => removed !== null).length === 4;
    await waitFor(haveOthers, { what: 'ai, photo, upload and user', timeoutMs: 20_000 });
    expect(await read()).toMatchObject({ completedAt: null, removed: { journal: null } });
    apart.s3?.answer503(false);
    await waitFor(async () => (await read()).completedAt !== null, { what: 'the receipt', timeoutMs: 30_000 });
    expect((await read()).removed).toMatchObject({ journal: { entries: 1 } });
  } finally {
    await apart.close();
  }
}, 60_000);

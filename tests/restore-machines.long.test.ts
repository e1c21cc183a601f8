import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { ApiClient, answerOf } from '@kilas/client/api-client.ts';
import { enrolSelfie, listFound } from '@kilas/client/journey/find-photos.ts';
import { becomeCreator, giveConsent, register } from '@kilas/client/journey/people.ts';
import { awaitRecognition, createEvent, uploadPhotos } from '@kilas/client/journey/sell-photos.ts';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { takeSelfie } from '@kilas/face-engine/testing/sample-photos.ts';
import { type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import { asAnotherShot } from '@kilas/samples/as-another-shot.ts';
import { samplePhotoFiles } from '@kilas/samples/photos.ts';
import { query } from '@kilas/testkit/query.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { createTestDatabase, createTestVectorDatabase, type TestDatabase } from '@kilas/testkit/test-database.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-machines-'));
const backup = path.join(folder, 'backup');
const summary = z.object({ dangling: z.number(), relations: z.record(z.string(), z.object({ checked: z.number() })) });

let system: TestSystem;
let restored: Readonly<Record<ServiceName, TestDatabase>>;
let leaving: ApiClient;
let memberId: string;

beforeAll(async () => {
  system = await startSystem({
    services: serviceNames,
    objects: 's3',
    env: { ERASURE_JOURNAL_URL: 's3:kilas-erasures' },
  });
  restored = {
    user: await createTestDatabase(),
    photo: await createTestDatabase(),
    transaction: await createTestDatabase(),
    ai: await createTestVectorDatabase(),
    upload: await createTestDatabase(),
  };
  await writeEnv('here.env', system.databaseUrls, {});
  const urls = Object.fromEntries(Object.entries(restored).map(([name, { url }]) => [name, url]));
  await writeEnv('there.env', urls, { S3_BUCKET_PREFIX: 'restored-' });
  const url = await system.app.listen({ host: '127.0.0.1', port: 0 });
  const api = new ApiClient(url);
  const creator = await register(api, 'creator');
  await becomeCreator(creator, 'Lensa');
  const [file = ''] = (await samplePhotoFiles()).slice(-1);
  const uploads = await uploadPhotos(creator, [file], await createEvent(creator, 'Run', 'matches'), 10_000);
  await awaitRecognition(
    creator,
    uploads.map(({ photoId }) => photoId),
    () => {},
  );
  leaving = await register(api, 'leaving');
  await giveConsent(leaving);
  await enrolSelfie(leaving, { name: 'selfie.jpg', bytes: await asAnotherShot(await takeSelfie('guest'), 0.014) });
  await waitFor(async () => (await listFound(leaving)).length > 0, { what: 'a match', timeoutMs: 60_000 });
  ({ accountId: memberId } = await answerOf(leaving.rest.GET('/v1/me')));
}, 300_000);

afterAll(async () => {
  await system?.close();
  for (const database of Object.values(restored ?? {})) await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** The variables of an installation on several machines, as an operator writes them down. */
async function writeEnv(name: string, urls: Readonly<Record<string, string>>, more: Env): Promise<void> {
  const shared = Object.entries(system.environmentOf('user')).filter(([key]) => /^(OBJECTS|S3|ERASURE)_/.test(key));
  const databases = Object.entries(urls).map(([service, url]) => [`${service.toUpperCase()}_DATABASE_URL`, url]);
  const lines = [...shared, ...databases, ...Object.entries(more)].map(([key, value]) => `${key}="${value}"`);
  await writeFile(path.join(folder, name), `${lines.join('\n')}\n`);
}

async function operator(...args: string[]): Promise<{ code: number | null; output: string }> {
  const main = new URL('../apps/operator/src/main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  await once(child, 'close');
  return { code: child.exitCode, output };
}

const env = (name: string) => ['--env', path.join(folder, name)];

async function countOf(service: ServiceName, text: string): Promise<number> {
  const [row] = await query(restored[service].url, `select count(*)::int as count from ${text}`, [memberId]);
  return z.object({ count: z.number() }).parse(row).count;
}

test('an installation on S3 is backed up, and restored into other databases and buckets without who withdrew since', async () => {
  const made = await operator('backup', ...env('here.env'), '--to', backup);
  expect(made.output).toContain('the backup stands in');
  const { receiptId } = await answerOf(leaving.rest.DELETE('/v1/me/consent'));
  const params = { path: { receiptId } };
  await waitFor(
    async () =>
      (await answerOf(leaving.rest.GET('/v1/me/consent/receipts/{receiptId}', { params }))).completedAt !== null,
    { what: 'the receipt', timeoutMs: 60_000 },
  );

  const { code, output } = await operator('restore', '--from', backup, ...env('there.env'));
  expect(output).toContain('restored: start Kilas');
  expect(code).toBe(0);
  expect(await countOf('ai', 'templates where member_id = $1')).toBe(0);
  expect(await countOf('ai', 'face_matches where member_id = $1')).toBe(0);
  expect(await countOf('photo', 'matches where member_id = $1')).toBe(0);
  expect(await countOf('upload', 'facecams where member_id = $1')).toBe(0);
  expect(await countOf('user', 'consents where account_id = $1 and withdrawn_at is null')).toBe(0);
  expect(await countOf('user', 'accounts where id = $1')).toBe(1);

  const compared = await operator('reconcile', ...env('there.env'), '--grace', '0');
  const { dangling, relations } = summary.parse(JSON.parse(compared.output.trim().split('\n').at(-1) ?? ''));
  expect(dangling).toBe(0);
  // The photo's images were looked at where they were restored to.
  expect(relations['originals → rows']?.checked).toBe(2);
  expect(relations['previews → rows']?.checked).toBe(5);
  expect(relations['journal → tombstones']?.checked).toBe(1);
});

test('databases that hold something are overwritten only when that is said, and never under a service that runs', async () => {
  const refused = await operator('restore', '--from', backup, ...env('there.env'));
  expect(refused.code).toBe(1);
  expect(refused.output).toContain('--replace');
  const running = await operator('restore', '--from', backup, ...env('here.env'), '--replace');
  expect(running.code).toBe(1);
  expect(running.output).toContain('stop all services first');
  const again = await operator('restore', '--from', backup, ...env('there.env'), '--replace');
  expect(again.output).toContain('restored: start Kilas');
  expect(await countOf('ai', 'templates where member_id = $1')).toBe(0);
});

test('after a restore by other means the withdrawals are carried out once more', async () => {
  // The database of photo alone is that of yesterday.
  await query(restored.photo.url, 'delete from handled_events; update erased_members set erased_epoch = 0');
  const red = await operator('reconcile', ...env('there.env'), '--grace', '0');
  expect(red.code).toBe(1);
  const { code, output } = await operator('restore', '--after-physical', ...env('there.env'));
  expect(output).toContain('photo 1');
  expect(code).toBe(0);
  expect(await countOf('photo', 'erased_members where member_id = $1 and erased_epoch = 1')).toBe(1);
});

test('a container makes one by itself, from its own variables, and Prometheus sees when', async () => {
  const nights = path.join(folder, 'nights');
  const port = String(await findFreePort());
  const main = new URL('../apps/operator/src/main.ts', import.meta.url).pathname;
  const variables = parseEnv(await readFile(path.join(folder, 'here.env'), 'utf8'));
  const child = spawn(process.execPath, [main, 'backup', '--env', '-', '--to', nights, '--nightly', '02:30'], {
    env: { PATH: process.env.PATH, ...variables, HTTP_PORT: port },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  const lastSuccess = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
    const [, seconds] =
      /^kilas_backup_last_success_timestamp_seconds\S* (\S+)$/m.exec((await answer?.text()) ?? '') ?? [];
    return Number(seconds ?? 0);
  };
  const seconds = await waitFor(lastSuccess, { what: 'the first backup', timeoutMs: 120_000 });
  expect(seconds).toBeGreaterThan(Date.now() / 1000 - 300);
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  child.kill('SIGTERM');
  expect((await ended)[0]).toBe(0);
  const [name = ''] = await readdir(nights);
  const { code } = await operator('restore', '--from', path.join(nights, name), ...env('there.env'), '--replace');
  expect(code).toBe(0);
});

test('an environment that lacks something is refused with all that it lacks', async () => {
  const text = await readFile(path.join(folder, 'there.env'), 'utf8');
  const half = text.replace(/^(AI_DATABASE_URL|ERASURE_JOURNAL_URL|S3_ACCESS_KEY_ID)=.*\n/gm, '');
  await writeFile(path.join(folder, 'half.env'), half);
  const { code, output } = await operator('backup', ...env('half.env'), '--to', path.join(folder, 'never'));
  expect(code).toBe(1);
  for (const name of ['AI_DATABASE_URL', 'ERASURE_JOURNAL_URL', 'S3_ACCESS_KEY_ID']) expect(output).toContain(name);
});

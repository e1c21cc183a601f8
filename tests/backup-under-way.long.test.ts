import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ApiClient } from '@kilas/client/api-client.ts';
import { buyPhoto, downloadOriginal } from '@kilas/client/journey/buy-photo.ts';
import { enrolSelfie, listFound } from '@kilas/client/journey/find-photos.ts';
import { becomeCreator, giveConsent, register } from '@kilas/client/journey/people.ts';
import { awaitRecognition, createEvent, uploadPhotos } from '@kilas/client/journey/sell-photos.ts';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { takeSelfie } from '@kilas/face-engine/testing/sample-photos.ts';
import { findRunning } from '@kilas/installation/running-file.ts';
import { asAnotherShot } from '@kilas/samples/as-another-shot.ts';
import { samplePhotoFiles } from '@kilas/samples/photos.ts';
import { type RunningInstallation, startInstallation } from '@kilas/standalone/start-installation.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import pg from 'pg';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = await mkdtemp(path.join(os.tmpdir(), 'kilas-under-way-'));
const dataFolder = path.join(root, 'data');
const restoredFolder = path.join(root, 'restored');
const backup = path.join(root, 'backup');
const port = await findFreePort();

let running: RunningInstallation | undefined;
let creator: ApiClient;
let eventId: string;

beforeAll(async () => {
  await start(dataFolder);
  const api = new ApiClient(`http://localhost:${port}`);
  creator = await register(api, 'creator');
  await becomeCreator(creator, 'Lensa');
  eventId = await createEvent(creator, 'Long Run', 'matches');
}, 120_000);

afterAll(async () => {
  await running?.stop();
  await rm(root, { recursive: true, force: true });
});

async function start(folder: string): Promise<void> {
  running = await startInstallation({ dataFolder: folder, port, logLevel: 'silent', onProgress: () => {} });
}

function spawnOperator(...args: string[]): { child: ChildProcess; output: () => string } {
  const main = new URL('../apps/operator/src/main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return { child, output: () => output };
}

async function operator(...args: string[]): Promise<{ code: number | null; output: string }> {
  const { child, output } = spawnOperator(...args);
  await once(child, 'close');
  return { code: child.exitCode, output: output() };
}

/** Keeps everybody from a table until it is released. */
async function lock(url: string, table: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('begin');
  await client.query(`lock table ${table} in access exclusive mode`);
  return async () => {
    await client.query('rollback');
    await client.end();
  };
}

/** Whether the backup has begun with a database, whose state it keeps from then on, and waits there. */
async function isWaitingIn(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    `select from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock' and query like '%pg_partition_tree%'`,
  );
  await client.end();
  return rows.length > 0;
}

/** A photo that was never sent, on sale and recognised at the end. */
async function addPhoto(width: number): Promise<string> {
  const files = await samplePhotoFiles();
  const file = path.join(root, `${width}.jpg`);
  await writeFile(file, await sharp(files.at(-1)).resize(width).jpeg().toBuffer());
  const [upload] = await uploadPhotos(creator, [file], eventId, 10_000);
  await awaitRecognition(creator, [upload?.photoId ?? ''], () => {});
  return upload?.photoId ?? '';
}

async function newMember(): Promise<ApiClient> {
  const member = await register(new ApiClient(`http://localhost:${port}`), 'member');
  await giveConsent(member);
  await enrolSelfie(member, { name: 'selfie.jpg', bytes: await asAnotherShot(await takeSelfie('guest'), 0.014) });
  await waitFor(async () => (await listFound(member)).length > 0, { what: 'a match', timeoutMs: 60_000 });
  return member;
}

test('databases that were saved minutes apart, with work in between, are restored to one whole', async () => {
  const before: string[] = [];
  for (const width of [990, 991, 992, 993, 994]) before.push(await addPhoto(width));
  const member = await newMember();
  const urls = await findRunning(dataFolder);
  // The backup takes the state of upload and waits there; then that of photo, and waits there.
  const releaseUpload = await lock(urls?.upload ?? '', 'selfie_intents');
  const releasePhoto = await lock(urls?.photo ?? '', 'handled_events');
  const { child, output } = spawnOperator('backup', '--data', dataFolder, '--to', backup, '--with-secrets');
  const made = once(child, 'close');
  await waitFor(() => isWaitingIn(urls?.upload ?? ''), { what: 'upload', timeoutMs: 60_000 });
  const unknownToUpload = await addPhoto(1001);
  await releaseUpload();
  await waitFor(() => isWaitingIn(urls?.photo ?? ''), { what: 'photo', timeoutMs: 60_000 });
  const unknownToBoth = await addPhoto(1002);
  const late = await newMember();
  await releasePhoto();
  await made;
  expect(output()).toContain('the backup stands in');
  expect(existsSync(backup)).toBe(true);
  await running?.stop();

  const { code, output: said } = await operator('restore', '--from', backup, '--data', restoredFolder);
  expect(said).toContain('restored: start Kilas');
  expect(code).toBe(0);
  for (const relation of ['photos → uploads', 'faces → photos', 'templates → facecams', 'originals → rows']) {
    expect(said).toMatch(new RegExp(`${relation} +\\d+ +[1-9]\\d* +[1-9]\\d* +0`));
  }
  await start(restoredFolder);

  const photos = async () => creator.list('/v1/creator/photos');
  await waitFor(
    async () =>
      (await photos()).every(({ status, recognition }) => status === 'on_sale' && recognition === 'done') || undefined,
    { what: 'every photo on sale and recognised', timeoutMs: 120_000 },
  );
  // What upload had not seen is made again from what photo knows; what neither had seen came after the backup.
  expect((await photos()).map(({ photoId }) => photoId).sort()).toEqual([...before, unknownToUpload].sort());
  expect((await photos()).map(({ photoId }) => photoId)).not.toContain(unknownToBoth);
  await waitFor(async () => (await listFound(member)).length === 6, { what: 'all photos found', timeoutMs: 60_000 });
  // Whose selfie came after it has an account and a consent, and enrols again.
  expect(await listFound(late)).toEqual([]);
  await enrolSelfie(late, { name: 'selfie.jpg', bytes: await asAnotherShot(await takeSelfie('guest'), 0.014) });
  await waitFor(async () => (await listFound(late)).length === 6, { what: 'all found again', timeoutMs: 60_000 });

  await buyPhoto(member, unknownToUpload);
  expect((await downloadOriginal(member, unknownToUpload)).length).toBeGreaterThan(10_000);
  const { code: compared, output: report } = await operator('reconcile', '--data', restoredFolder, '--grace', '0');
  expect(report.trim().split('\n').at(-1)).toMatch(/^\{"dangling":0,/);
  expect(compared).toBe(0);
});

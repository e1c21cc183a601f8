import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ApiClient, answerOf, asForm } from '@kilas/client/api-client.ts';
import { buyPhoto, downloadOriginal } from '@kilas/client/journey/buy-photo.ts';
import { listFound } from '@kilas/client/journey/find-photos.ts';
import { becomeCreator, giveConsent, register } from '@kilas/client/journey/people.ts';
import { awaitRecognition, createEvent, uploadPhotos } from '@kilas/client/journey/sell-photos.ts';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { takeSelfie } from '@kilas/face-engine/testing/sample-photos.ts';
import { findRunning } from '@kilas/installation/running-file.ts';
import type { ServiceName } from '@kilas/installation/service-names.ts';
import { startDatabases } from '@kilas/installation/start-databases.ts';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { asAnotherShot } from '@kilas/samples/as-another-shot.ts';
import { makeSelfie, samplePhotoFiles } from '@kilas/samples/photos.ts';
import { type RunningInstallation, startInstallation } from '@kilas/standalone/start-installation.ts';
import { query } from '@kilas/testkit/query.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import type { TransactionSchema } from '@kilas/transaction/db/schema.ts';
import { verifyChain } from '@kilas/transaction/ledger/verify-chain.ts';
import pg from 'pg';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const root = await mkdtemp(path.join(os.tmpdir(), 'kilas-restore-'));
const dataFolder = path.join(root, 'data');
const backup = path.join(root, 'backup');
const port = await findFreePort();
const parts = ['postgres', 'postgres.password', 'faces', 'objects'];

const summary = z.object({
  dangling: z.number(),
  relations: z.record(z.string(), z.object({ dangling: z.number(), mended: z.number(), left: z.number() })),
});

interface Person {
  readonly api: ApiClient;
  readonly id: string;
}

let running: RunningInstallation | undefined;
let creator: Person;
/** Withdraws after the backup. */
let leaving: Person;
let staying: Person;
let bought: { photoId: string; sha256: string };
let receiptId: string;
/** The faces in the photos that were matched to who withdraws. */
let leavingFaceIds: string[];

beforeAll(async () => {
  await start();
  const api = new ApiClient(`http://localhost:${port}`);
  const creatorApi = await register(api, 'creator');
  await becomeCreator(creatorApi, 'Lensa');
  creator = await personOf(creatorApi);
  const eventId = await createEvent(creatorApi, 'Night Run', 'matches');
  const files = await samplePhotoFiles();
  const uploads = await uploadPhotos(creatorApi, files, eventId, 20_000);
  const photoIds = uploads.map(({ photoId }) => photoId);
  await awaitRecognition(creatorApi, photoIds, () => {});
  leaving = await enrolled(await register(api, 'leaving'), await asAnotherShot(await takeSelfie('guest'), 0.014));
  staying = await enrolled(await register(api, 'staying'), (await makeSelfie()).bytes);
  const [first] = await waitFor(() => found(staying), { what: 'a match of who stays', timeoutMs: 60_000 });
  await waitFor(() => found(leaving), { what: 'a match of who leaves', timeoutMs: 60_000 });
  await buyPhoto(staying.api, first?.photoId ?? '');
  const original = files.find((file) => path.basename(file) === nameOf(first?.photoId)) ?? '';
  bought = { photoId: first?.photoId ?? '', sha256: sha256(await readFile(original)) };
  leavingFaceIds = await column('ai', 'select face_id from face_matches where member_id = $1', [leaving.id]);
  expect(leavingFaceIds.length).toBeGreaterThan(0);

  function nameOf(photoId: string | undefined): string | undefined {
    return uploads.find((upload) => upload.photoId === photoId)?.fileName;
  }
}, 300_000);

afterAll(async () => {
  await stop();
  await rm(root, { recursive: true, force: true });
});

async function start(): Promise<void> {
  const logLevel = process.env.TEST_LOG_LEVEL ?? 'silent';
  running = await startInstallation({ dataFolder, port, logLevel, onProgress: () => {} });
}

async function stop(): Promise<void> {
  await running?.stop();
  running = undefined;
}

async function personOf(api: ApiClient): Promise<Person> {
  return { api, id: (await answerOf(api.rest.GET('/v1/me'))).accountId };
}

/** With a selfie that is kept. */
async function enrolled(api: ApiClient, selfie: Buffer): Promise<Person> {
  await giveConsent(api);
  const body = { keepSelfie: 'true' as const, selfie: new File([new Uint8Array(selfie)], 'selfie.jpg') };
  await api.rest.POST('/v1/facecams', { body, bodySerializer: asForm });
  return personOf(api);
}

function readReceipt({ api }: Person) {
  return answerOf(api.rest.GET('/v1/me/consent/receipts/{receiptId}', { params: { path: { receiptId } } }));
}

async function found({ api }: Person) {
  const items = await listFound(api);
  return items.length > 0 ? items : undefined;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
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

async function reconcile(...args: string[]) {
  const { code, output } = await operator('reconcile', '--data', dataFolder, '--grace', '0', ...args);
  return { code, output, ...summary.parse(JSON.parse(output.trim().split('\n').at(-1) ?? '')) };
}

/** The databases, of the run or, when there is none, started for `use`. */
async function withDatabases<T>(use: (urls: Readonly<Record<ServiceName, string>>) => Promise<T>): Promise<T> {
  const urls = await findRunning(dataFolder);
  if (urls !== undefined) return use(urls);
  const databases = await startDatabases(dataFolder);
  try {
    return await use(databases.urls);
  } finally {
    await databases.stop();
  }
}

async function column(service: ServiceName, text: string, values: unknown[] = []): Promise<string[]> {
  const rows = await withDatabases((urls) => query(urls[service], text, values));
  return rows.map((row) => String(Object.values(row)[0]));
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

test('a backup is made while Kilas serves, whole and without secrets', async () => {
  const { code, output } = await operator('backup', '--data', dataFolder, '--to', backup);
  expect(output).toContain('the backup stands in');
  expect(code).toBe(0);
  const manifest = JSON.parse(await readFile(path.join(backup, 'manifest.json'), 'utf8'));
  // Of each photo the original, the compressed and the processed image, and four to be looked at; two selfies.
  expect(manifest.objects.count).toBe(6 * 7 + 2);
  expect(manifest.erasureCount).toBe(0);
  const { objectsSigningKey, serviceKeys } = JSON.parse(
    await readFile(path.join(dataFolder, 'installation.json'), 'utf8'),
  );
  const password = await readFile(path.join(dataFolder, 'postgres.password'), 'utf8');
  const files = (await listFiles(backup)).filter((file) => !file.startsWith(path.join(backup, 'objects')));
  expect(files.length).toBeGreaterThan(50);
  for (const file of files) {
    const text = await readFile(file, 'utf8');
    for (const secret of [objectsSigningKey, serviceKeys.user.privateKeyPem.slice(40, 80), password]) {
      expect(text.includes(secret), file).toBe(false);
    }
  }
});

test('a backup goes to a new folder alone', async () => {
  const { code, output } = await operator('backup', '--data', dataFolder, '--to', backup);
  expect(code).toBe(1);
  expect(output).toContain('is there already');
});

test('a backup that is killed leaves nothing that looks whole, and the next one clears up after it', async () => {
  const to = path.join(root, 'killed');
  const urls = await findRunning(dataFolder);
  const client = new pg.Client({ connectionString: urls?.user ?? '' });
  await client.connect();
  // The last of the databases keeps the backup waiting.
  await client.query('begin');
  await client.query('lock table accounts in access exclusive mode');
  const { child } = spawnOperator('backup', '--data', dataFolder, '--to', to);
  await waitFor(() => existsSync(path.join(`${to}.partial`, 'ai')), { what: 'half a backup', timeoutMs: 60_000 });
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
  await client.query('rollback');
  await client.end();
  expect(existsSync(to)).toBe(false);
  const { code, output } = await operator('restore', '--from', `${to}.partial`, '--data', path.join(root, 'never'));
  expect(code).toBe(1);
  expect(output).toContain('no backup that can be restored');
  expect((await operator('backup', '--data', dataFolder, '--to', to)).code).toBe(0);
  expect(existsSync(`${to}.partial`)).toBe(false);
  await rm(to, { recursive: true });
});

test('a withdrawal after the backup is written to the journal before its receipt is complete', async () => {
  ({ receiptId } = await answerOf(leaving.api.rest.DELETE('/v1/me/consent')));
  const complete = await waitFor(
    async () => {
      const read = await readReceipt(leaving);
      return read.completedAt === null ? undefined : read;
    },
    { what: 'the receipt', timeoutMs: 60_000 },
  );
  expect(complete.removed).toMatchObject({ journal: { entries: 1 }, upload: { facecams: 1, selfies: 1 } });
  expect(await readdir(path.join(dataFolder, 'erasure-journal'))).toEqual([`${receiptId}.json`]);
  expect((await reconcile()).dangling).toBe(0);
});

test('nothing is restored into an installation, over one that runs, or from a backup that is damaged', async () => {
  const restore = (...args: string[]) => operator('restore', '--from', backup, '--data', dataFolder, ...args);
  expect((await restore('--replace')).output).toContain('runs on');
  await stop();
  expect((await restore()).output).toContain('--replace');
  const damaged = path.join(backup, 'photo/public.photos.copy');
  const text = await readFile(damaged);
  await writeFile(damaged, Buffer.concat([text.subarray(0, -2), Buffer.from('9\n')]));
  const { code, output } = await restore('--replace');
  expect(output).toContain('public.photos.copy is damaged');
  expect(code).toBe(1);
  await writeFile(damaged, text);
  expect(existsSync(path.join(dataFolder, 'postgres'))).toBe(true);
});

test('a restore that is killed keeps the folder from being started, and goes on when it is called again', async () => {
  // The disk of the databases and objects is lost; the journal and the secrets are elsewhere.
  for (const part of parts) await rm(path.join(dataFolder, part), { recursive: true });
  const { child, output } = spawnOperator('restore', '--from', backup, '--data', dataFolder);
  await waitFor(() => output().includes('photo: '), { what: 'a database to be loaded', timeoutMs: 120_000 });
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
  await expect(start()).rejects.toThrow('did not come to its end');

  const again = await operator('restore', '--from', backup, '--data', dataFolder);
  expect(again.output).toContain('restored: start Kilas');
  expect(again.code).toBe(0);
});

test('who withdrew after the backup is gone from the restored databases and objects before anything serves', async () => {
  await withDatabases(async (urls) => {
    const left = async (service: ServiceName, text: string) => query(urls[service], text, [leaving.id]);
    for (const table of ['templates', 'face_matches']) {
      expect(await left('ai', `select * from ${table} where member_id = $1`), table).toEqual([]);
    }
    // Their selfie was not proven live: their faces are cut off from them, and go seven days after the withdrawal.
    const faces = await query(
      urls.ai,
      `select erase_at > now() + interval '6 days' and erase_at < now() + interval '8 days' as "goesLater" from faces
        left join cut_off_places place on place.photo_id = faces.photo_id and abs(place.box_left - faces.box_left) < 0.001
        where face_id = any($1)`,
      [leavingFaceIds],
    );
    expect(faces).toEqual(leavingFaceIds.map(() => ({ goesLater: true })));
    expect(await left('photo', 'select * from matches where member_id = $1')).toEqual([]);
    expect(await left('upload', 'select * from facecams where member_id = $1')).toEqual([]);
    expect(await left('user', "select * from notifications where account_id = $1 and kind = 'matches_found'")).toEqual(
      [],
    );
    const consents = await left('user', 'select withdrawn_at from consents where account_id = $1');
    expect(consents).toEqual([{ withdrawn_at: expect.any(Date) }]);
    for (const service of ['ai', 'photo', 'upload'] as const) {
      const tombstone = await left(service, 'select erased_epoch from erased_members where member_id = $1');
      expect(tombstone, service).toEqual([{ erased_epoch: 1 }]);
    }
    // Nowhere in all of the transaction database was there anything of a face.
    const selfieKeys = await query(urls.upload, 'select selfie_key from facecams where selfie_key is not null');
    const selfies = (await listFiles(path.join(dataFolder, 'objects/selfies'))).map((file) => path.basename(file));
    expect(selfies).toEqual(selfieKeys.map(({ selfie_key: key }) => path.basename(String(key))));
    expect(selfies).toHaveLength(1);
  });
});

test('what the others have is restored: matches, orders, and books that verify', async () => {
  await withDatabases(async (urls) => {
    const own = [staying.id];
    expect(await query(urls.ai, 'select * from templates where member_id = $1', own)).toHaveLength(1);
    expect((await query(urls.photo, 'select * from matches where member_id = $1', own)).length).toBeGreaterThan(0);
    expect(await query(urls.transaction, 'select photo_id from licences where buyer_id = $1', own)).toEqual([
      { photo_id: bought.photoId },
    ]);
    const db = openDatabase<TransactionSchema>({ url: urls.transaction, poolSizeMax: 1, onTrouble: () => {} });
    const verdict = await verifyChain({ db });
    await db.destroy();
    expect(verdict).toMatchObject({ state: 'intact', sequence: 1n });
  });
  expect(await reconcile()).toMatchObject({ code: 0, dangling: 0 });
});

test('the restored installation serves: the one finds nothing of themselves, the other everything', async () => {
  await start();
  expect((await answerOf(leaving.api.rest.GET('/v1/me/consent'))).isGiven).toBe(false);
  expect(await listFound(leaving.api)).toEqual([]);
  const complete = await waitFor(
    async () => {
      const read = await readReceipt(leaving);
      return read.completedAt === null ? undefined : read;
    },
    { what: 'the receipt that the member holds', timeoutMs: 60_000 },
  );
  expect(complete.removed).toMatchObject({ ai: { templates: 1 }, journal: { entries: 1 } });
  expect(await found(staying)).toBeDefined();
  expect(sha256(await downloadOriginal(staying.api, bought.photoId))).toBe(bought.sha256);
});

test('a new photo of the face that was erased is matched to nobody', async () => {
  const files = await samplePhotoFiles();
  const file = path.join(root, 'again.jpg');
  await writeFile(file, await sharp(files.at(-1)).resize(1100).jpeg().toBuffer());
  const eventId = await createEvent(creator.api, 'Another Run', 'matches');
  const [upload] = await uploadPhotos(creator.api, [file], eventId, 10_000);
  const photoId = upload?.photoId ?? '';
  expect(await awaitRecognition(creator.api, [photoId], () => {})).toBeGreaterThan(0);
  expect(await column('photo', 'select member_id from matches where photo_id = $1', [photoId])).toEqual([]);
  expect(await listFound(leaving.api)).toEqual([]);
});

test('what dangles turns a reconcile red, and it mends what it may', async () => {
  const photoId = bought.photoId;
  const [key = ''] = await column('upload', 'select original_key from uploads where photo_id = $1', [photoId]);
  const original = path.join(dataFolder, 'objects/originals', key);
  const orphan = path.join(dataFolder, 'objects/previews/00', '0'.repeat(40));
  await mkdir(path.dirname(orphan), { recursive: true });
  await writeFile(orphan, 'left behind');
  await column('photo', 'delete from matches where member_id = $1', [staying.id]);
  await rename(original, `${original}.away`);

  const red = await reconcile();
  expect(red.code).toBe(1);
  expect(red.output).toContain('SOLD, AND ITS ORIGINAL IS MISSING');
  expect(red.relations['previews → rows']).toMatchObject({ dangling: 1, mended: 0, left: 1 });
  expect(red.relations['matches of ai → matches']?.left).toBeGreaterThan(0);

  const mended = await reconcile('--mend');
  expect(mended.relations['previews → rows']).toMatchObject({ mended: 1, left: 0 });
  // Nobody but a person may judge of what was paid for.
  expect(mended.relations['rows → originals']).toMatchObject({ mended: 0, left: 1 });
  expect(existsSync(orphan)).toBe(false);
  await waitFor(() => found(staying), { what: 'the matches to be told once more', timeoutMs: 120_000 });

  await rename(`${original}.away`, original);
  expect(await reconcile()).toMatchObject({ code: 0, dangling: 0 });
});

test('without the journal nothing is restored, unless it is said that it is lost', async () => {
  const later = path.join(root, 'later');
  expect((await operator('backup', '--data', dataFolder, '--to', later)).code).toBe(0);
  const fresh = path.join(root, 'fresh');
  const refused = await operator('restore', '--from', later, '--data', fresh);
  expect(refused.code).toBe(1);
  expect(refused.output).toContain('holds 0 entries, and held 1');
  expect(existsSync(path.join(fresh, 'postgres'))).toBe(false);
  const forced = await operator('restore', '--from', later, '--data', fresh, '--journal-is-lost');
  expect(forced.output).toContain('restored');
  // What the databases know of withdrawals is written down once more.
  expect(await readdir(path.join(fresh, 'erasure-journal'))).toEqual([`${receiptId}.json`]);
});

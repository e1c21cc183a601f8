import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeLargeImage } from '../testing/images.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { type TusClient, tusClient, uploadIdOf } from '../testing/tus-client.ts';
import { insertPart } from './part-store.ts';
import { expiresAfterSeconds, toldForSeconds } from './resumable-upload.ts';
import { sweepResumable } from './sweep-resumable.ts';

const clock = drivenClock();
let uploads: UploadSystem;
let url: string;

beforeAll(async () => {
  uploads = await startUploads({ isWorking: false, clock });
  url = await uploads.system.app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(() => uploads?.close());

/** Tokens end while the clock is driven: each gets a creator's newest one. */
async function signUp(): Promise<{ accountId: string; client: () => Promise<TusClient> }> {
  const creator = await uploads.signUp({ creator: true });
  const client = async () => {
    const payload = { login: creator.email, password: creator.password };
    const signedIn = await uploads.system.app.inject({ method: 'POST', url: '/v1/auth/sign-in', payload });
    return tusClient(url, { authorization: `Bearer ${signedIn.json().accessToken}` });
  };
  return { accountId: creator.accountId, client };
}

const isStored = (key: string) => uploads.ctx.objects.exists({ bucket: 'originals', key });
const listParts = async (uploadId: string) =>
  (
    await uploads.ctx.db
      .selectFrom('resumable_parts')
      .select('object_key as key')
      .where('upload_id', '=', uploadId)
      .execute()
  ).map(({ key }) => key);

test('an upload that nobody goes on with is gone after a day, with its parts', async () => {
  const creator = await signUp();
  const bytes = await makeLargeImage();
  const client = await creator.client();
  const location = await client.begin(bytes.length);
  const answer = await client.patch(location, 0, bytes.subarray(0, 100_000));
  const expires = new Date(answer.headers.get('upload-expires') ?? '');
  expect(expires.getTime()).toBe(clock.now().getTime() + expiresAfterSeconds * 1000);
  const uploadId = uploadIdOf(location);
  const [key = ''] = await listParts(uploadId);
  clock.advance(expiresAfterSeconds - 1);
  await sweepResumable(uploads.ctx);
  expect(await (await creator.client()).offsetOf(location)).toBe(100_000);
  expect(await isStored(key)).toBe(true);
  clock.advance(1);
  const later = await creator.client();
  expect((await later.head(location)).status).toBe(410);
  expect(await later.status([uploadId])).toEqual([{ uploadId, state: 'gone' }]);
  await sweepResumable(uploads.ctx);
  expect(await isStored(key)).toBe(false);
  expect((await later.head(location)).status).toBe(410);
  // Its row stays for who may be writing still.
  expect(await listParts(uploadId)).toEqual([key]);
  clock.advance(3_601);
  await sweepResumable(uploads.ctx);
  expect(await listParts(uploadId)).toEqual([]);
  clock.advance(toldForSeconds);
  await sweepResumable(uploads.ctx);
  expect((await (await creator.client()).head(location)).status).toBe(404);
});

test('what one who had lost an upload wrote after its end is deleted an hour later', async () => {
  const creator = await signUp();
  const client = await creator.client();
  const location = await client.begin(1_000_000);
  const objectKey = newObjectKey();
  await insertPart(uploads.ctx.db, { objectKey, uploadId: uploadIdOf(location), startBytes: 0, sizeBytes: 70_000 });
  expect((await client.terminate(location)).status).toBe(204);
  await uploads.ctx.objects.write({ bucket: 'originals', key: objectKey }, Buffer.alloc(70_000));
  clock.advance(3_601);
  await sweepResumable(uploads.ctx);
  expect(await isStored(objectKey)).toBe(false);
  expect(await listParts(uploadIdOf(location))).toEqual([]);
});

test('however many uploads ended, nothing of them is left', async () => {
  const { accountId } = await signUp();
  const keys = Array.from({ length: 450 }, newObjectKey);
  await sql`with ended as (
      insert into resumable_uploads (upload_id, creator_id, size_bytes, offset_bytes, metadata, state, created_at, expires_at)
      select gen_random_uuid(), ${accountId}::uuid, 9, 0, '', 'receiving', ${clock.now()}, ${clock.now()} from unnest(${keys}::text[])
      returning upload_id
    )
    insert into resumable_parts (object_key, upload_id, start_bytes, size_bytes)
    select key, upload_id, 0, 1 from (select upload_id, row_number() over () as n from ended) e
    join unnest(${keys}::text[]) with ordinality as k (key, n) using (n)`.execute(uploads.ctx.db);
  const count = async (table: 'resumable_uploads' | 'resumable_parts') =>
    (await uploads.ctx.db.selectFrom(table).select('upload_id').execute()).length;
  await sweepResumable(uploads.ctx);
  clock.advance(3_601);
  await sweepResumable(uploads.ctx);
  expect(await count('resumable_parts')).toBe(0);
  clock.advance(toldForSeconds);
  await sweepResumable(uploads.ctx);
  expect(await count('resumable_uploads')).toBe(0);
});

test('an upload that some request has at work does not expire under it', async () => {
  const creator = await signUp();
  const location = await (await creator.client()).begin(1_000_000);
  const uploadId = uploadIdOf(location);
  const held = { holder: newId(), held_until: new Date(Date.now() + 60_000) };
  await uploads.ctx.db.updateTable('resumable_uploads').set(held).where('upload_id', '=', uploadId).execute();
  clock.advance(expiresAfterSeconds);
  await sweepResumable(uploads.ctx);
  const row = uploads.ctx.db.selectFrom('resumable_uploads').select('state').where('upload_id', '=', uploadId);
  expect(await row.executeTakeFirst()).toEqual({ state: 'receiving' });
});

test('an accepted photo is told as such although its upload was never marked, and as long as there is the photo', async () => {
  const creator = await signUp();
  const bytes = await makeLargeImage();
  const client = await creator.client();
  const location = await client.begin(bytes.length);
  const uploadId = uploadIdOf(location);
  const { json } = await client.patch(location, 0, bytes);
  const unmarked = { state: 'receiving', photo_id: null, ended_at: null, offset_bytes: 0n } as const;
  await uploads.ctx.db.updateTable('resumable_uploads').set(unmarked).where('upload_id', '=', uploadId).execute();
  clock.advance(expiresAfterSeconds + toldForSeconds);
  await sweepResumable(uploads.ctx);
  expect(await (await creator.client()).status([uploadId])).toEqual([json]);
  await uploads.ctx.db.deleteFrom('uploads').where('received_as', '=', uploadId).execute();
  expect(await (await creator.client()).status([uploadId])).toEqual([{ uploadId, state: 'gone' }]);
});

import { transact } from '@kilas/platform/db/transact.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeLargeImage } from '../testing/images.ts';
import { type Replica, startReplica } from '../testing/start-replica.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { openPatch, sha256Of, type TusClient, tusClient, uploadIdOf } from '../testing/tus-client.ts';
import { takeUpload } from './lease.ts';
import { moveOffset } from './resumable-store.ts';

let uploads: UploadSystem;
let url: string;
let other: Replica;
let creator: Member;
let here: TusClient;
let there: TusClient;

beforeAll(async () => {
  uploads = await startUploads({ isWorking: false });
  url = await uploads.system.app.listen({ host: '127.0.0.1', port: 0 });
  other = await startReplica(uploads);
  creator = await uploads.signUp({ creator: true });
  here = tusClient(url, creator.headers);
  there = tusClient(other.url, creator.headers);
});

afterAll(async () => {
  await other?.close();
  await uploads?.close();
});

async function originalOf(photoId: unknown): Promise<Buffer> {
  const { original_key: key } = await uploads.ctx.db
    .selectFrom('uploads')
    .select('original_key')
    .where('photo_id', '=', String(photoId))
    .executeTakeFirstOrThrow();
  return uploads.ctx.objects.read({ bucket: 'originals', key });
}

const listSpool = async () => (await uploads.listFiles()).filter((file) => file.includes('spool'));

test('an upload goes on at another replica, and ends there', async () => {
  const bytes = await makeLargeImage();
  const location = await here.begin(bytes.length, { priceIdr: '1000', sha256: sha256Of(bytes) });
  await here.patch(location, 0, bytes.subarray(0, 80_000));
  await there.patch(location, 80_000, bytes.subarray(80_000, 160_000));
  expect(await here.offsetOf(location)).toBe(160_000);
  const { json } = await there.patch(location, 160_000, bytes.subarray(160_000));
  expect(json).toMatchObject({ state: 'accepted' });
  expect(await originalOf(json?.photoId)).toEqual(bytes);
  expect(await here.status([uploadIdOf(location)])).toMatchObject([{ state: 'accepted', photoId: json?.photoId }]);
});

test('a part that hangs gives its upload up to whoever comes again, with what came of it', async () => {
  const bytes = await makeLargeImage();
  const location = await here.begin(bytes.length, { priceIdr: '1000', sha256: sha256Of(bytes) });
  const sent = bytes.subarray(0, 100_000);
  const hung = await openPatch(url, creator.headers, { location, offset: 0, sizeBytes: 150_000, sent });
  await waitFor(async () => (await listSpool()).length > 0, { what: 'the part to be received' });
  expect(await there.offsetOf(location)).toBe(100_000);
  const { json } = await there.patch(location, 100_000, bytes.subarray(100_000));
  expect(json).toMatchObject({ state: 'accepted' });
  // What it sends now counts no more.
  hung.socket.write(bytes.subarray(100_000, 150_000));
  await waitFor(() => hung.answer().includes('UPLOAD_HELD'), { what: 'the one that hung to hear it' });
  expect(await originalOf(json?.photoId)).toEqual(bytes);
});

test('of a part that hangs and has a checksum nothing is kept: nobody can say whether it is whole', async () => {
  const bytes = await makeLargeImage();
  const location = await here.begin(bytes.length);
  const sent = bytes.subarray(0, 100_000);
  const digest = Buffer.from(sha256Of(bytes.subarray(0, 150_000)), 'hex').toString('base64');
  const more = [`upload-checksum: sha256 ${digest}`];
  await openPatch(url, creator.headers, { location, offset: 0, sizeBytes: 150_000, sent, more });
  await waitFor(async () => (await listSpool()).length > 0, { what: 'the part to be received' });
  expect(await there.offsetOf(location)).toBe(0);
});

test('what came of a part whose connection broke is kept', async () => {
  const bytes = await makeLargeImage();
  const location = await here.begin(bytes.length);
  const sent = bytes.subarray(0, 90_000);
  const { socket } = await openPatch(url, creator.headers, { location, offset: 0, sizeBytes: 150_000, sent });
  await waitFor(async () => (await listSpool()).length > 0, { what: 'the part to be received' });
  socket.destroy();
  await waitFor(async () => (await there.offsetOf(location)) === 90_000, { what: 'the offset to move' });
});

test('a process that died with an upload loses it within seconds', async () => {
  const bytes = await makeLargeImage();
  const location = await here.begin(bytes.length);
  await uploads.ctx.db
    .updateTable('resumable_uploads')
    .set({ holder: newId(), held_until: sql<Date>`now() + interval '1 second'` })
    .where('upload_id', '=', uploadIdOf(location))
    .execute();
  expect((await there.patch(location, 0, bytes)).json).toMatchObject({ state: 'accepted' });
});

test('the same part at both at once counts once', async () => {
  const bytes = await makeLargeImage();
  const location = await here.begin(bytes.length, { priceIdr: '1000', sha256: sha256Of(bytes) });
  const part = bytes.subarray(0, 100_000);
  const answers = await Promise.all([here, there, here, there].map((client) => client.patch(location, 0, part)));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 409, 409, 409]);
  expect(await here.offsetOf(location)).toBe(100_000);
  const ends = await Promise.all(
    [here, there].map((client) => client.patch(location, 100_000, bytes.subarray(100_000))),
  );
  expect(new Set(ends.map(({ json }) => json?.photoId)).size).toBe(1);
  expect(ends.map(({ json }) => json?.state)).toEqual(['accepted', 'accepted']);
  expect(await originalOf(ends[0]?.json?.photoId)).toEqual(bytes);
});

test('few wait for one upload, and the others hear at once that they have to come again', async () => {
  const location = await here.begin(1_000_000);
  const uploadId = uploadIdOf(location);
  const hold = (seconds: number) =>
    uploads.ctx.db
      .updateTable('resumable_uploads')
      .set({ holder: newId(), held_until: sql<Date>`now() + make_interval(secs => ${seconds})` })
      .where('upload_id', '=', uploadId)
      .execute();
  await hold(60);
  const waiting = Array.from({ length: 4 }, () => here.head(location));
  const refused = await waitFor(
    async () => {
      const answer = await here.patch(location, 0, Buffer.from('x'));
      return answer.status === 423 && answer;
    },
    { what: 'one to be refused' },
  );
  expect(refused.json).toMatchObject({ code: 'UPLOAD_HELD' });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  await hold(0);
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
});

test('who has lost an upload moves it no more', async () => {
  const location = await here.begin(1_000_000);
  const uploadId = uploadIdOf(location);
  const taken = await takeUpload(uploads.ctx, { uploadId, creatorId: creator.accountId });
  if (!('lease' in taken) || taken.receiving.holder === undefined) throw new Error('the upload was not taken');
  const move = { uploadId, holder: taken.receiving.holder, startBytes: 0, endBytes: 100_000 };
  const lose = { holder: newId() };
  await uploads.ctx.db.updateTable('resumable_uploads').set(lose).where('upload_id', '=', uploadId).execute();
  await waitFor(() => taken.lease.signal.aborted, { what: 'the holder to hear that it lost the upload' });
  expect(await transact(uploads.ctx.db, (tx) => moveOffset(tx, move))).toBe(false);
  await taken.lease.release();
  const row = uploads.ctx.db.selectFrom('resumable_uploads').select(['holder', 'offset_bytes']);
  expect(await row.where('upload_id', '=', uploadId).executeTakeFirst()).toEqual({ ...lose, offset_bytes: 0n });
});

import { create, toBinary } from '@bufbuild/protobuf';
import { createClient } from '@connectrpc/connect';
import { PhotosDeletedSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { query } from '@kilas/testkit/query.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { derivePhoto } from '../derivatives/derive-photo.ts';
import { publishPhoto } from '../derivatives/publish-photo.ts';
import { recognisePhoto } from '../derivatives/recognise-photo.ts';
import { makeImage } from '../testing/images.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { completeIntent } from './complete-intent.ts';
import { deletePhotoObjects, deletePhotoObjectsJob } from './delete-photos.ts';
import type { Upload } from './upload.ts';
import { findUpload } from './upload-store.ts';

const { signal } = new AbortController();
/** Nothing goes on by itself in it: no job, and no event. */
let still: UploadSystem;
let creator: Member;

beforeAll(async () => {
  still = await startUploads({ isWorking: false });
  creator = await still.signUp({ creator: true });
});

afterAll(() => still?.close());

const post = (uploads: UploadSystem, { headers }: Member, bytes: Buffer) =>
  uploads.send('/v1/uploads/photo', headers, [
    ['priceIdr', '5000'],
    ['photo', bytes, 'a.jpg'],
  ]);

async function sendNew(bytes: Buffer, uploads = still, who = creator): Promise<string> {
  const reply = await post(uploads, who, bytes);
  expect(reply.statusCode, reply.body).toBe(201);
  return reply.json().photoId;
}

async function rowOf(photoId: string): Promise<Upload> {
  const upload = await findUpload(still.ctx.db, photoId);
  if (upload === undefined) throw new Error('there is no such upload');
  return upload;
}

/** As the creator asks photo. */
async function remove(photoId: string, uploads = still, { headers } = creator): Promise<void> {
  const payload = { photoIds: [photoId] };
  const reply = await uploads.system.app.inject({ method: 'POST', url: '/v1/creator/photos/delete', headers, payload });
  expect(reply.json().items).toEqual([{ photoId, outcome: 'deleted' }]);
}

/** As photo tells upload. */
function tellDeleted(...photoIds: string[]) {
  return deliver(photoIds, newId());
}

function deliver(photoIds: string[], eventId: string) {
  const payload = toBinary(PhotosDeletedSchema, create(PhotosDeletedSchema, { photoIds }));
  const events = createClient(EventService, still.system.peersAs('photo')('upload'));
  return events.deliver({ eventId, type: PhotosDeletedSchema.typeName, key: newId(), payload });
}

interface Sent {
  data: { objects: { bucket: 'originals' | 'previews'; key: string }[] };
  wait: number;
}

async function jobsNaming(key: string): Promise<Sent[]> {
  const text = `select data->'data' as data, round(extract(epoch from start_after - now()) / 3600)::int as wait
    from jobs.job where name = $1 and data::text like '%' || $2 || '%' order by start_after`;
  return query<Sent>(still.system.databaseUrls.upload, text, [deletePhotoObjectsJob.name, key]);
}

const isStored = (bucket: 'originals' | 'previews', key: string) => still.ctx.objects.exists({ bucket, key });

test('a photo that its creator deletes leaves no row and no object, and its bytes are a new photo afterwards', async () => {
  const uploads = await startUploads();
  try {
    const seller = await uploads.signUp({ creator: true });
    const bytes = await makeImage();
    const photoId = await sendNew(bytes, uploads, seller);
    const isProcessed = async () => (await findUpload(uploads.ctx.db, photoId))?.state === 'processed';
    await waitFor(isProcessed, { what: 'the images to be made' });
    expect((await uploads.listFiles()).length).toBeGreaterThan(2);
    await remove(photoId, uploads, seller);
    await waitFor(async () => (await uploads.listFiles()).length === 0, { what: 'the objects to go' });
    expect(await findUpload(uploads.ctx.db, photoId)).toBeUndefined();
    expect(await sendNew(bytes, uploads, seller)).not.toBe(photoId);
  } finally {
    await uploads.close();
  }
});

test('all objects that a row names are deleted at once, and an hour later what was written meanwhile', async () => {
  const upload = await rowOf(await sendNew(await makeImage()));
  const eventId = newId();
  for (const _ of [1, 2]) expect((await deliver([upload.photo_id], eventId)).effects).toEqual({ photos: 1 });
  const sent = await jobsNaming(upload.original_key);
  expect(sent.map(({ wait }) => wait)).toEqual([0, 1]);
  const named = Object.entries(upload).flatMap(([column, key]) =>
    column.endsWith('_key') && key !== null ? [key] : [],
  );
  expect(named.length).toBeGreaterThan(4);
  for (const { data } of sent) {
    expect(data.objects.map(({ key }) => key).sort()).toEqual(named.sort());
    for (const object of data.objects) await still.ctx.objects.write(object, Buffer.from('late'));
    // Twice, as after a process that died in the middle.
    for (const _ of [1, 2]) await deletePhotoObjects(still.ctx, data);
    for (const { bucket, key } of data.objects) expect(await isStored(bucket, key)).toBe(false);
  }
  const inOriginals = sent[0]?.data.objects.filter(({ bucket }) => bucket === 'originals').map(({ key }) => key);
  expect(inOriginals?.sort()).toEqual([upload.original_key, upload.compressed_key].sort());
});

test('work under way for a photo that is deleted ends without an error, and brings nothing back', async () => {
  const upload = await rowOf(await sendNew(await makeImage()));
  const photoId = upload.photo_id;
  await remove(photoId);
  await tellDeleted(photoId);
  await derivePhoto(still.ctx, { photoId }, signal);
  await publishPhoto(still.ctx, { photoId, width: 1, height: 1 });
  await recognisePhoto(still.ctx, { data: { photoId }, signal, isLastAttempt: true });
  expect(await completeIntent(still.ctx, upload)).toMatchObject({ isAccepted: false });
  expect(await findUpload(still.ctx.db, photoId)).toBeUndefined();
  expect((await jobsNaming(upload.original_key)).length).toBe(2);
});

test('a photo whose images were made when it was deleted is not put on sale, before upload hears of it either', async () => {
  const photoId = await sendNew(await makeImage());
  await remove(photoId);
  await derivePhoto(still.ctx, { photoId }, signal);
  await publishPhoto(still.ctx, { photoId, width: 1, height: 1 });
  expect(await rowOf(photoId)).toMatchObject({ state: 'failed', failure_reason: 'PHOTO_NOT_FOUND' });
  const { headers } = creator;
  const retry = { method: 'POST', url: `/v1/uploads/${photoId}/retry`, headers } as const;
  expect((await still.system.app.inject(retry)).json()).toMatchObject({ status: 422, code: 'PHOTO_DELETED' });
  await tellDeleted(photoId);
  expect(await findUpload(still.ctx.db, photoId)).toBeUndefined();
});

test.each(['accepted', 'processed', 'failed', 'intended'] as const)(
  'the bytes of a deleted photo that is %s here are a new photo, before upload hears of it either',
  async (state) => {
    const bytes = await makeImage();
    const photoId = await sendNew(bytes);
    const { original_key: originalKey } = await rowOf(photoId);
    await still.ctx.db
      .updateTable('uploads')
      .set({ state, failure_reason: state === 'failed' ? 'IMAGE_BROKEN' : null })
      .where('photo_id', '=', photoId)
      .execute();
    await remove(photoId);
    const again = await sendNew(bytes);
    expect(again).not.toBe(photoId);
    expect(await findUpload(still.ctx.db, photoId)).toBeUndefined();
    await tellDeleted(photoId);
    const anew = await rowOf(again);
    expect(anew.state).toBe('accepted');
    for (const { data } of await jobsNaming(originalKey)) await deletePhotoObjects(still.ctx, data);
    expect([await isStored('originals', originalKey), await isStored('originals', anew.original_key)]).toEqual([
      false,
      true,
    ]);
  },
);

test('hundreds of photos go with one event, each with its objects', async () => {
  const own = await rowOf(await sendNew(await makeImage()));
  const rows = Array.from({ length: 500 }, () => ({
    ...own,
    photo_id: newId(),
    sha256: newId(),
    original_key: newObjectKey(),
  }));
  await still.ctx.db.insertInto('uploads').values(rows).execute();
  expect((await tellDeleted(...rows.map((row) => row.photo_id))).effects).toEqual({ photos: 500 });
  const text = `select count(distinct object->>'key')::int as n
    from jobs.job, jsonb_array_elements(data->'data'->'objects') as object where object->>'key' = any($1)`;
  const keys = rows.map((row) => row.original_key);
  expect(await query(still.system.databaseUrls.upload, text, [keys])).toEqual([{ n: 500 }]);
  expect((await rowOf(own.photo_id)).state).toBe('accepted');
});

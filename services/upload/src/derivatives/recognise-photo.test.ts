import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { whileAway } from '../testing/away.ts';
import { makeImage } from '../testing/images.ts';
import { readGroupPhoto } from '../testing/selfies.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { recognisePhotoJob } from './jobs.ts';
import { recognisePhoto } from './recognise-photo.ts';

let uploads: UploadSystem;
let creator: Member;

beforeAll(async () => {
  uploads = await startUploads({ withAi: true });
  creator = await uploads.signUp({ creator: true });
});

afterAll(() => uploads?.close());

async function send(bytes: Buffer): Promise<string> {
  const parts = [
    ['priceIdr', '5000'],
    ['photo', bytes, 'a.jpg'],
  ] as const;
  const response = await uploads.send('/v1/uploads/photo', creator.headers, parts);
  expect(response.statusCode, response.body).toBe(201);
  return response.json().photoId;
}

async function find(photoId: string): Promise<{ status: string; recognition: string; faceCount?: number }> {
  const response = await uploads.system.app.inject({ url: '/v1/creator/photos', headers: creator.headers });
  return response.json().items.find((item: { photoId: string }) => item.photoId === photoId);
}

const becomes = (photoId: string, field: 'status' | 'recognition', value: string) =>
  waitFor(async () => (await find(photoId))[field] === value, { what: `${field} ${value}`, timeoutMs: 25_000 });

test('with ai away a photo goes on sale, and is recognised when ai is back', async () => {
  const photoId = await whileAway(uploads.system, 'ai', async () => {
    const id = await send(
      await sharp(await readGroupPhoto())
        .resize(1400)
        .jpeg()
        .toBuffer(),
    );
    await becomes(id, 'status', 'on_sale');
    expect(await find(id)).toMatchObject({ recognition: 'pending' });
    return id;
  });
  await becomes(photoId, 'recognition', 'done');
  expect((await find(photoId)).faceCount).toBeGreaterThanOrEqual(3);
});

test('ai may be asked for a photo again and again', async () => {
  const photoId = await send(await makeImage());
  await becomes(photoId, 'recognition', 'done');
  const { signal } = new AbortController();
  await Promise.all([1, 2].map(() => recognisePhoto(uploads.ctx, { photoId }, signal)));
  expect(await find(photoId)).toMatchObject({ recognition: 'done', faceCount: 0 });
});

test('a picture that ai refuses ends its job', async () => {
  await uploads.system.service('upload').hold();
  const photoId = await send(await makeImage());
  const row = await uploads.ctx.db
    .selectFrom('uploads')
    .selectAll()
    .where('photo_id', '=', photoId)
    .executeTakeFirstOrThrow();
  const broken = { bucket: 'originals', key: row.compressed_key } as const;
  await uploads.ctx.objects.write(broken, Buffer.from('no picture'));
  const { signal } = new AbortController();
  await recognisePhoto(uploads.ctx, { photoId }, signal);
  expect(await uploads.ctx.jobs.countOpen(recognisePhotoJob)).toBe(0);
  expect(await find(photoId)).toMatchObject({ recognition: 'failed' });
});

import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { whileAway } from '../testing/away.ts';
import { makeImage } from '../testing/images.ts';
import { readGroupPhoto } from '../testing/selfies.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { recognisePhotoJob } from './jobs.ts';
import { recognisePhoto } from './recognise-photo.ts';

const inbox = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      text: z.string(),
      data: z.looseObject({ photoIds: z.array(z.string()).default([]), reasons: z.array(z.string()).default([]) }),
    }),
  ),
});

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
  await Promise.all([1, 2].map(() => recognisePhoto(uploads.ctx, { data: { photoId }, signal, isLastAttempt: false })));
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
  await recognisePhoto(uploads.ctx, { data: { photoId }, signal, isLastAttempt: false });
  expect(await uploads.ctx.jobs.countOpen(recognisePhotoJob)).toBe(0);
  expect(await find(photoId)).toMatchObject({ recognition: 'failed' });
  await uploads.system.service('upload').work();
  await isTold(photoId, 'recognition_failed', 'IMAGE_BROKEN');
});

/** The creator hears of it, with the reason. */
async function isTold(photoId: string, kind: string, reason: string): Promise<void> {
  const read = async () => {
    const answer = await uploads.system.app.inject({ url: '/v1/me/notifications', headers: creator.headers });
    return inbox.parse(answer.json()).items.find((item) => item.kind === kind && item.data.photoIds.includes(photoId));
  };
  const notice = await waitFor(read, { what: `${kind} to be told`, timeoutMs: 20_000 });
  expect(notice.data.reasons).toContain(reason);
  expect(notice.text).not.toBe('');
}

test('a photo of which ai could not be asked in all its tries is told to its creator as failed, and the job counts as failed', async () => {
  await uploads.system.service('upload').hold();
  const photoId = await send(await makeImage());
  const { signal } = new AbortController();
  await whileAway(uploads.system, 'ai', async () => {
    const run = { data: { photoId }, signal };
    await expect(recognisePhoto(uploads.ctx, { ...run, isLastAttempt: false })).rejects.toThrow();
    expect(await find(photoId)).toMatchObject({ recognition: 'pending' });
    await expect(recognisePhoto(uploads.ctx, { ...run, isLastAttempt: true })).rejects.toThrow();
  });
  expect(await find(photoId)).toMatchObject({ recognition: 'failed', recognitionFailure: 'PROCESSING_FAILED' });
  await isTold(photoId, 'recognition_failed', 'PROCESSING_FAILED');
});

test('a photo whose images cannot be made is told to its creator', async () => {
  await uploads.system.service('upload').hold();
  const photoId = await send(await makeImage());
  const { original_key: key } = await uploads.ctx.db
    .selectFrom('uploads')
    .select('original_key')
    .where('photo_id', '=', photoId)
    .executeTakeFirstOrThrow();
  await uploads.ctx.objects.delete({ bucket: 'originals', key });
  await uploads.system.service('upload').work();
  await becomes(photoId, 'status', 'failed');
  await isTold(photoId, 'photos_failed', 'ORIGINAL_MISSING');
});

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { pictureFormats } from '@kilas/pictures/picture-format.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { query } from '@kilas/testkit/query.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { sql } from 'kysely';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Spool } from '../spool/spool.ts';
import { makeBrokenJpeg, makeImage } from '../testing/images.ts';
import { exifSegment, exifTag, makeExif, withSegments } from '../testing/metadata.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import type { Upload } from '../uploads/upload.ts';
import { derivePhoto } from './derive-photo.ts';
import { recognisePhotoJob } from './jobs.ts';

const { signal } = new AbortController();
let uploads: UploadSystem;
let creator: Member;

beforeAll(async () => {
  uploads = await startUploads({ env: { PHOTO_PIXELS_MAX: '4000000' } });
  creator = await uploads.signUp({ creator: true });
});

afterAll(() => uploads?.close());

async function send(bytes: Buffer, fileName = 'a.jpg'): Promise<{ statusCode: number; photoId: string }> {
  const parts = [
    ['priceIdr', '5000'],
    ['photo', bytes, fileName],
  ] as const;
  const response = await uploads.send('/v1/uploads/photo', creator.headers, parts);
  expect(response.statusCode, response.body).toBeLessThan(202);
  return { statusCode: response.statusCode, photoId: response.json().photoId };
}

async function ended(photoId: string): Promise<Upload> {
  const find = () =>
    uploads.ctx.db
      .selectFrom('uploads')
      .selectAll()
      .where('photo_id', '=', photoId)
      .where('state', 'in', ['processed', 'failed'])
      .executeTakeFirst();
  return waitFor(find, { what: 'the photo to be processed or to fail', timeoutMs: 20_000 });
}

async function process(bytes: Buffer) {
  const upload = await ended((await send(bytes)).photoId);
  expect(upload.failure_reason).toBeNull();
  const { objects } = uploads.ctx;
  const read = (key: string | null) => objects.read({ bucket: 'previews', key: key ?? '' });
  return {
    ...upload,
    compressed: await objects.read({ bucket: 'originals', key: upload.compressed_key }),
    preview: await read(upload.preview_key),
    previewSmall: await read(upload.preview_small_key),
    thumbnail: await read(upload.thumbnail_key),
    thumbnailSmall: await read(upload.thumbnail_small_key),
  };
}

/** What photo was told of the images. */
async function told(photoId: string) {
  const text = `select preview_key, preview_small_key, thumbnail_key, thumbnail_small_key, thumbhash
    from photos where photo_id = $1`;
  const [row] = await query(uploads.system.databaseUrls.photo, text, [photoId]);
  return row;
}

/** Other bytes in place of those that were sent, as a storage that fails leaves them. */
async function replaceOriginal(photoId: string, bytes: Buffer): Promise<void> {
  const { objects, db } = uploads.ctx;
  const row = await db.selectFrom('uploads').selectAll().where('photo_id', '=', photoId).executeTakeFirstOrThrow();
  const ref = { bucket: 'originals', key: row.original_key } as const;
  await objects.delete(ref);
  await objects.write(ref, bytes);
}

const get = async (url: string) => (await uploads.system.app.inject({ url, headers: creator.headers })).json();
const shown = (photoId: string) => get(`/v1/photos/${photoId}`);
const sizeOf = async (bytes: Buffer) => {
  const { width, height } = await sharp(bytes).metadata();
  return [width, height];
};

test.each(pictureFormats)('a photo in %s goes on sale with its derived images while ai is away', async (format) => {
  const original = await makeImage(format, { width: 1500, height: 900 });
  const { photo_id, compressed, preview, previewSmall, thumbnail, thumbnailSmall, ...row } = await process(original);
  expect(await sizeOf(compressed)).toEqual([1500, 900]);
  expect(await sizeOf(preview)).toEqual([1280, 768]);
  expect(await sizeOf(previewSmall)).toEqual([800, 480]);
  expect(await sizeOf(thumbnail)).toEqual([400, 240]);
  expect(await sizeOf(thumbnailSmall)).toEqual([200, 120]);
  expect(await sharp(compressed).metadata()).toMatchObject({ format: 'jpeg', space: 'srgb', channels: 3 });
  for (const image of [preview, previewSmall, thumbnail, thumbnailSmall]) {
    expect(await sharp(image).metadata()).toMatchObject({ format: 'webp', space: 'srgb', channels: 3 });
  }
  const { preview_key, preview_small_key, thumbnail_key, thumbnail_small_key } = row;
  const keys = { preview_key, preview_small_key, thumbnail_key, thumbnail_small_key };
  expect(await told(photo_id)).toEqual({ ...keys, thumbhash: expect.any(Buffer) });
  expect(row.crc32).toBe(BigInt(crc32(original)));
  expect(await get(`/v1/uploads/${photo_id}`)).toMatchObject({ state: 'processed' });
  expect(await shown(photo_id)).toMatchObject({ status: 'on_sale', width: 1500, height: 900 });
  const own = await get('/v1/creator/photos');
  expect(own.items.find(({ photoId }: { photoId: string }) => photoId === photo_id)).toMatchObject({
    status: 'on_sale',
    recognition: 'pending',
  });
  expect(await uploads.ctx.jobs.countOpen(recognisePhotoJob)).toBeGreaterThan(0);
});

test('what the camera wrote is read, and none of it is in a derived image', async () => {
  const bytes = await sharp(await makeImage('png', { width: 600, height: 400 }))
    .jpeg()
    .withExif({
      IFD0: { Make: 'Canon', Model: 'Canon EOS R5', Copyright: 'A. Person', Orientation: '6' },
      IFD2: { DateTimeOriginal: '2026:05:01 07:30:00', OffsetTimeOriginal: '+07:00' },
      IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '6/1 12/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '106/1 49/1 0/1' },
    })
    .withIccProfile('p3')
    .withXmp(
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>',
    )
    .toBuffer();
  const source = await sharp(bytes).metadata();
  expect(source.exif?.length).toBeGreaterThan(100);
  expect([source.icc !== undefined, source.xmp !== undefined]).toEqual([true, true]);
  const { photo_id, compressed, preview, previewSmall, thumbnail, thumbnailSmall } = await process(bytes);
  for (const image of [compressed, preview, previewSmall, thumbnail, thumbnailSmall]) {
    const { exif, icc, xmp, iptc, orientation, comments } = await sharp(image).metadata();
    expect({ exif, icc, xmp, iptc, orientation, comments }).toEqual({});
    expect(image.includes('Canon')).toBe(false);
    expect(image.includes('A. Person')).toBe(false);
  }
  expect(await shown(photo_id)).toMatchObject({ capturedAt: '2026-05-01T00:30:00.000Z' });
});

test("without an event and an offset the camera's clock is read in the zone that its creator had when they sent the photo", async () => {
  const traveller = await uploads.signUp({ creator: true });
  const setZone = (timeZone: string) =>
    uploads.system.app.inject({ method: 'PATCH', url: '/v1/me', headers: traveller.headers, payload: { timeZone } });
  expect((await setZone('Asia/Makassar')).statusCode).toBe(200);
  const exif = makeExif({ photo: { [exifTag.original]: '2026:05:01 07:30:15' } });
  const photo = withSegments(await makeImage(), exifSegment(exif));
  const sent = await uploads.send('/v1/uploads/photo', traveller.headers, [
    ['priceIdr', '5000'],
    ['photo', photo, 'a.jpg'],
  ]);
  await ended(sent.json().photoId);
  await setZone('Asia/Jayapura');
  const url = `/v1/photos/${sent.json().photoId}`;
  expect((await uploads.system.app.inject({ url, headers: traveller.headers })).json()).toMatchObject({
    capturedAt: '2026-04-30T23:30:15.000Z',
    capturedFrom: { source: 'exif', field: 'DateTimeOriginal', zone: 'creator' },
  });
});

test('a photo that lies on its side is put upright everywhere', async () => {
  const bytes = await sharp(await makeImage('png', { width: 600, height: 400 }))
    .jpeg()
    .withMetadata({ orientation: 6 })
    .toBuffer();
  const { photo_id, compressed, preview } = await process(bytes);
  expect(await sizeOf(compressed)).toEqual([400, 600]);
  expect(await sizeOf(preview)).toEqual([400, 600]);
  expect(await shown(photo_id)).toMatchObject({ width: 400, height: 600 });
});

test('garbage where the camera writes does not fail a photo', async () => {
  const bytes = await makeImage();
  const garbage = [Buffer.alloc(2000, 0xaa), Buffer.from('II*\0\x08\0\0\0\xff\xff'.repeat(200), 'latin1')];
  for (const block of garbage) {
    const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), block]);
    const head = Buffer.alloc(4);
    head.writeUInt16BE(0xffe1, 0);
    head.writeUInt16BE(body.length + 2, 2);
    const { photo_id } = await process(Buffer.concat([bytes.subarray(0, 2), head, body, bytes.subarray(2)]));
    expect(await shown(photo_id)).toMatchObject({ status: 'on_sale' });
  }
});

test('the image that recognition reads bears no mark', async () => {
  const white = { create: { width: 1300, height: 900, channels: 3, background: '#fff' } } as const;
  const { compressed, preview } = await process(await sharp(white).png().toBuffer());
  const darkest = async (image: Buffer) => (await sharp(image).stats()).channels[0]?.min;
  expect(await darkest(compressed)).toBeGreaterThan(250);
  expect(await darkest(preview)).toBeLessThan(230);
});

test('a small photo is not enlarged, and one of a single pixel works too', async () => {
  const { preview, thumbnail, thumbnailSmall } = await process(await makeImage('png', { width: 200, height: 100 }));
  for (const image of [preview, thumbnail, thumbnailSmall]) expect(await sizeOf(image)).toEqual([200, 100]);
  expect(await sizeOf((await process(await makeImage('png', { width: 1, height: 1 }))).thumbnail)).toEqual([1, 1]);
  expect(await sizeOf((await process(await makeImage('png', { width: 3000, height: 2 }))).thumbnail)).toEqual([400, 1]);
});

test('transparent, grey, 16-bit and CMYK pictures become plain sRGB', async () => {
  const base = sharp(await makeImage('png'));
  const pictures = [
    await base.clone().ensureAlpha(0.5).png().toBuffer(),
    await base.clone().greyscale().jpeg().toBuffer(),
    await base.clone().toColourspace('rgb16').png().toBuffer(),
    await base.clone().toColourspace('cmyk').jpeg().toBuffer(),
    await base.clone().png({ palette: true, colours: 16 }).toBuffer(),
  ];
  for (const picture of pictures) {
    const { compressed, preview } = await process(picture);
    for (const image of [compressed, preview]) {
      expect(await sharp(image).metadata()).toMatchObject({ space: 'srgb', channels: 3, depth: 'uchar' });
    }
  }
});

test('of an animated picture the first one counts', async () => {
  const frames = await Promise.all([1, 2, 3].map(() => makeImage('png', { width: 64, height: 48 })));
  const animated = await sharp(frames, { join: { animated: true } })
    .webp({ loop: 0, delay: [100, 100, 100] })
    .toBuffer();
  expect((await sharp(animated).metadata()).pages).toBe(3);
  expect(await sizeOf((await process(animated)).compressed)).toEqual([64, 48]);
});

test('a picture that cannot be decoded fails with the reason, is not tried again by itself, and can be tried again', async () => {
  await uploads.system.service('upload').hold();
  const { photoId } = await send(await makeImage());
  await replaceOriginal(photoId, await makeBrokenJpeg());
  await uploads.system.service('upload').work();
  const failed = await ended(photoId);
  expect(failed).toMatchObject({ state: 'failed', failure_reason: 'IMAGE_BROKEN', derive_count: 1 });
  expect(await get(`/v1/uploads/${photoId}`)).toMatchObject({ state: 'failed', reason: 'IMAGE_BROKEN' });
  const own = await get('/v1/creator/photos');
  expect(own.items.find((item: { photoId: string }) => item.photoId === photoId)).toMatchObject({
    status: 'failed',
    failureReason: 'IMAGE_BROKEN',
  });
  const { compressed_key, preview_key, preview_small_key, thumbnail_key, thumbnail_small_key } = failed;
  for (const key of [compressed_key, preview_key, preview_small_key, thumbnail_key, thumbnail_small_key]) {
    expect(await uploads.ctx.objects.exists({ bucket: 'originals', key: key ?? '' })).toBe(false);
    expect(await uploads.ctx.objects.exists({ bucket: 'previews', key: key ?? '' })).toBe(false);
  }
  const url = `/v1/uploads/${photoId}/retry`;
  const retried = await uploads.system.app.inject({ method: 'POST', url, headers: creator.headers });
  expect(retried.json()).toEqual({ photoId, status: 'raw' });
  expect(await ended(photoId)).toMatchObject({ state: 'failed', derive_count: 2 });
});

test('a photo whose original is gone fails, and goes on sale when the same bytes are sent again', async () => {
  await uploads.system.service('upload').hold();
  const bytes = await makeImage();
  const { photoId } = await send(bytes);
  const row = await uploads.ctx.db
    .selectFrom('uploads')
    .selectAll()
    .where('photo_id', '=', photoId)
    .executeTakeFirstOrThrow();
  await uploads.ctx.objects.delete({ bucket: 'originals', key: row.original_key });
  await uploads.system.service('upload').work();
  expect(await ended(photoId)).toMatchObject({ state: 'failed', failure_reason: 'ORIGINAL_MISSING' });
  expect(await send(bytes)).toEqual({ statusCode: 200, photoId });
  expect(await ended(photoId)).toMatchObject({ state: 'processed', failure_reason: null });
  expect(await shown(photoId)).toMatchObject({ status: 'on_sale' });
});

test('the job run by three workers at once makes each image once', async () => {
  await uploads.system.service('upload').hold();
  const { photoId } = await send(await makeImage('png', { width: 900, height: 700 }));
  await Promise.all([1, 2, 3].map(() => derivePhoto(uploads.ctx, { photoId }, signal)));
  const objects = async () => (await uploads.listFiles()).filter((file) => !file.includes('spool')).sort();
  const made = await objects();
  await uploads.system.service('upload').work();
  expect(await ended(photoId)).toMatchObject({ state: 'processed' });
  await derivePhoto(uploads.ctx, { photoId }, signal);
  expect(await objects()).toEqual(made);
  expect(await ended(photoId)).toMatchObject({ state: 'processed' });
});

/** As processes left it that died of it, the last one long since. */
async function leaveBehind(photoId: string, { deathCount, counts }: { deathCount: number; counts: boolean }) {
  await sql`insert into risky_work (thing, process_id, counts, seen_at, death_count)
    values (${`photo/${photoId}`}, ${newId()}, ${counts}, now() - interval '1 minute', ${deathCount})`.execute(
    uploads.ctx.db,
  );
}

test('a picture of which processes died three times fails, also when it is tried again, until an operator lets it go', async () => {
  await uploads.system.service('upload').hold();
  const { photoId } = await send(await makeImage());
  await leaveBehind(photoId, { deathCount: 2, counts: true });
  await uploads.system.service('upload').work();
  expect(await ended(photoId)).toMatchObject({ state: 'failed', failure_reason: 'IMAGE_QUARANTINED' });
  const url = `/v1/uploads/${photoId}/retry`;
  const again = () => uploads.system.app.inject({ method: 'POST', url, headers: creator.headers });
  expect((await again()).statusCode).toBe(200);
  expect(await ended(photoId)).toMatchObject({ state: 'failed', failure_reason: 'IMAGE_QUARANTINED' });
  await sql`delete from risky_work where thing = ${`photo/${photoId}`}`.execute(uploads.ctx.db);
  expect((await again()).statusCode).toBe(200);
  expect(await ended(photoId)).toMatchObject({ state: 'processed' });
});

test('a photo that was at work in processes that were killed goes on sale, however often that was', async () => {
  await uploads.system.service('upload').hold();
  const { photoId } = await send(await makeImage());
  await uploads.ctx.db.updateTable('uploads').set({ derive_count: 30 }).where('photo_id', '=', photoId).execute();
  await leaveBehind(photoId, { deathCount: 2, counts: false });
  await uploads.system.service('upload').work();
  expect(await ended(photoId)).toMatchObject({ state: 'processed' });
});

test('a file at which processes died three times is refused at the door', async () => {
  const bytes = await makeImage();
  const thing = `file/${createHash('sha256').update(bytes).digest('hex')}`;
  await sql`insert into risky_work (thing, seen_at, death_count) values (${thing}, now(), 3)`.execute(uploads.ctx.db);
  const parts = [
    ['priceIdr', '1000'],
    ['photo', bytes, 'a.jpg'],
  ] as const;
  const answer = await uploads.send('/v1/uploads/photo', creator.headers, parts);
  expect(answer.json()).toMatchObject({ status: 422, code: 'IMAGE_QUARANTINED' });
});

test('a worker that stops leaves the photo to the next one, however often it was tried', async () => {
  await uploads.system.service('upload').hold();
  const { photoId } = await send(await makeImage());
  await uploads.ctx.db.updateTable('uploads').set({ derive_count: 11 }).where('photo_id', '=', photoId).execute();
  await expect(derivePhoto(uploads.ctx, { photoId }, AbortSignal.abort())).rejects.toThrow('aborted');
  await uploads.ctx.db.updateTable('uploads').set({ derive_count: 11 }).where('photo_id', '=', photoId).execute();
  await uploads.system.service('upload').work();
  expect(await ended(photoId)).toMatchObject({ state: 'processed' });
});

test('an error that may pass is tried again, and fails the photo with the last try', async () => {
  await uploads.system.service('upload').hold();
  const { photoId } = await send(await makeImage());
  const failing = { ...uploads.ctx, spool: new Spool('/no/such/folder') };
  await expect(derivePhoto(failing, { photoId }, signal)).rejects.toThrow('ENOENT');
  await uploads.ctx.db.updateTable('uploads').set({ derive_count: 11 }).where('photo_id', '=', photoId).execute();
  await derivePhoto(failing, { photoId }, signal);
  expect(await ended(photoId)).toMatchObject({
    state: 'failed',
    failure_reason: 'PROCESSING_FAILED',
    derive_count: 12,
  });
  await uploads.system.service('upload').work();
});

test('spooled files are gone when the work is done, and nothing holds them open', async () => {
  await uploads.system.service('upload').hold();
  // Only Linux tells what a process has mapped.
  const maps = await readFile('/proc/self/maps', 'utf8').catch(() => '');
  expect(maps.split('\n').filter((line) => line.includes('spool'))).toEqual([]);
  expect((await uploads.listFiles()).filter((file) => file.includes('spool') || file.includes('incoming'))).toEqual([]);
});

import sharp from 'sharp';
import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA } from 'thumbhash';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeImage } from '../testing/images.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import type { Upload } from '../uploads/upload.ts';
import { makePreviews } from './make-previews.ts';

let uploads: UploadSystem;
beforeAll(async () => {
  uploads = await startUploads({ isWorking: false });
});
afterAll(() => uploads?.close());

/** A row of an upload, whose images nobody has made. */
async function sendPhoto(change: Partial<Upload> = {}): Promise<Upload> {
  const creator = await uploads.signUp({ creator: true });
  const parts = [
    ['priceIdr', '5000'],
    ['photo', await makeImage(), 'a.jpg'],
  ] as const;
  const { photoId } = (await uploads.send('/v1/uploads/photo', creator.headers, parts)).json();
  const row = uploads.ctx.db.selectFrom('uploads').selectAll().where('photo_id', '=', photoId);
  return { ...(await row.executeTakeFirstOrThrow()), ...change };
}

async function make(upload: Upload, picture: Buffer) {
  const { data: bytes, info } = await sharp(picture).jpeg({ quality: 95 }).toBuffer({ resolveWithObject: true });
  const thumbhash = await makePreviews(uploads.ctx, upload, { bytes, width: info.width, height: info.height });
  const { preview_key, preview_small_key, thumbnail_key, thumbnail_small_key } = upload;
  const keys = [preview_key, preview_small_key, thumbnail_key, thumbnail_small_key].filter((key) => key !== null);
  const images = await Promise.all(keys.map((key) => uploads.ctx.objects.read({ bucket: 'previews', key })));
  return { bytes, thumbhash, images };
}

const plain = (background: string | { r: number; g: number; b: number }) =>
  sharp({ create: { width: 1300, height: 900, channels: 3, background } })
    .png()
    .toBuffer();

/** How much two pictures of one size differ, 0 to 255 a pixel. */
async function difference(left: Buffer, right: Buffer): Promise<number> {
  const [a, b] = await Promise.all([left, right].map((bytes) => sharp(bytes).removeAlpha().raw().toBuffer()));
  if (a === undefined || b === undefined) throw new Error('two pictures were given');
  expect(a.length).toBe(b.length);
  return a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0) / a.length;
}

test('images of all sizes are marked across the whole picture, dark or bright', async () => {
  for (const background of ['#000', '#fff', '#808080']) {
    const { bytes, images } = await make(await sendPhoto(), await plain(background));
    expect(images).toHaveLength(4);
    for (const marked of images) {
      const { width, height } = await sharp(marked).metadata();
      const unmarked = await sharp(bytes).resize(width, height, { fit: 'fill' }).toBuffer();
      const quarter = { width: Math.floor(width / 4), height: Math.floor(height / 4) };
      for (const [left, top] of [
        [0, 0],
        [3, 0],
        [0, 3],
        [3, 3],
        [1, 1],
        [2, 2],
      ] as const) {
        const region = { left: left * quarter.width, top: top * quarter.height, ...quarter };
        const [a, b] = await Promise.all(
          [marked, unmarked].map((image) => sharp(image).extract(region).png().toBuffer()),
        );
        expect(await difference(a ?? marked, b ?? marked)).toBeGreaterThan(4);
      }
    }
  }
});

test('the hash of a photo is that of its picture, and is short', async () => {
  const { thumbhash } = await make(await sendPhoto(), await plain({ r: 200, g: 40, b: 90 }));
  const { r, g, b, a } = thumbHashToAverageRGBA(thumbhash);
  expect([r, g, b].map((share) => Math.round(share * 25.5))).toEqual([20, 4, 9]);
  expect(a).toBe(1);
  expect(thumbHashToApproximateAspectRatio(thumbhash)).toBeCloseTo(1.44, 0);
  for (const size of [
    { width: 1300, height: 900 },
    { width: 3000, height: 2 },
    { width: 1, height: 1 },
  ]) {
    const { thumbhash: hash } = await make(await sendPhoto(), await makeImage('png', size));
    expect(hash.length).toBeLessThanOrEqual(25);
  }
});

test('a photo that the release before took has its two images as JPEGs, also when they are made once more', async () => {
  const old = await sendPhoto({ preview_small_key: null, thumbnail_small_key: null });
  const { images } = await make(old, await makeImage('png', { width: 900, height: 600 }));
  const formats = await Promise.all(images.map(async (image) => (await sharp(image).metadata()).format));
  expect(formats).toEqual(['jpeg', 'jpeg']);
});

test('an image that stands is not made again', async () => {
  const upload = await sendPhoto();
  await uploads.ctx.objects.write({ bucket: 'previews', key: upload.thumbnail_key }, Buffer.from('stands'));
  const { images } = await make(upload, await makeImage());
  expect(images[2]?.toString()).toBe('stands');
  expect((await make(upload, await plain('#fff'))).images).toEqual(images);
});

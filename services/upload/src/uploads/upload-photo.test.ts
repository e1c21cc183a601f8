import { createHash } from 'node:crypto';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeBrandedFile, makeImage, makePngBomb, makeTiff } from '../testing/images.ts';
import { type Part, startUploads, type UploadSystem } from '../testing/start-uploads.ts';

const sizeMax = 2 * 1024 * 1024;
let uploads: UploadSystem;
let creator: Member;

beforeAll(async () => {
  // No job is done here: what is answered is answered without the image work.
  uploads = await startUploads({
    isWorking: false,
    env: { PHOTO_SIZE_MAX_BYTES: String(sizeMax), BATCH_FILES_MAX: '5', PRICE_MAX_IDR: '500000' },
  });
  creator = await uploads.signUp({ creator: true });
});

afterAll(() => uploads?.close());

const price: Part = ['priceIdr', '25000'];
const sendPhoto = (...parts: Part[]) => uploads.send('/v1/uploads/photo', creator.headers, parts);
const findRow = (photoId: string) =>
  uploads.ctx.db.selectFrom('uploads').selectAll().where('photo_id', '=', photoId).executeTakeFirst();
const countRows = async () =>
  (
    await uploads.ctx.db
      .selectFrom('uploads')
      .select((eb) => eb.fn.countAll<bigint>().as('count'))
      .executeTakeFirst()
  )?.count;

/** Rows, objects and spooled files, to see that a refusal leaves nothing. */
const traces = async () => ({ rows: await countRows(), files: (await uploads.listFiles()).sort() });

test('a photo is answered before any work on it is done, with its original stored byte for byte', async () => {
  const bytes = await makeImage();
  const response = await sendPhoto(
    price,
    ['title', ' Finish \n line '],
    ['latitude', '-6.2'],
    ['longitude', '106.8'],
    ['photo', bytes, 'DSC_0001.JPG'],
  );
  expect(response.statusCode).toBe(201);
  const { photoId, status } = response.json();
  expect(status).toBe('raw');
  const row = await findRow(photoId);
  expect(row).toMatchObject({
    creator_id: creator.accountId,
    state: 'accepted',
    title: 'Finish line',
    price_idr: 25_000n,
    sale: 'shared',
    latitude: -6.2,
    longitude: 106.8,
    format: 'jpeg',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    size_bytes: BigInt(bytes.length),
  });
  expect(await uploads.ctx.objects.read({ bucket: 'originals', key: row?.original_key ?? '' })).toEqual(bytes);
  expect((await uploads.listFiles()).filter((file) => file.includes('spool'))).toEqual([]);
  const own = await uploads.system.app.inject({ url: `/v1/uploads/${photoId}`, headers: creator.headers });
  expect(own.json()).toMatchObject({ photoId, state: 'accepted' });
  const listed = await uploads.system.app.inject({ url: '/v1/creator/photos', headers: creator.headers });
  expect(listed.json().items[0]).toMatchObject({ photoId, title: 'Finish line', status: 'raw' });
});

test('without a title the photo is called like its file, without the extension', async () => {
  const photo = async (fileName: string) => {
    const { photoId } = (await sendPhoto(price, ['photo', await makeImage('png'), fileName])).json();
    return (await findRow(photoId))?.title;
  };
  expect(await photo('Lari pagi – Jakarta 🏃.final.png')).toBe('Lari pagi – Jakarta 🏃.final');
  expect(await photo(`${'x'.repeat(150)}.png`)).toBe('x'.repeat(100));
  expect(await photo('evil\u202egnp.exe.png')).toBe('evil gnp.exe');
  expect(await photo('.png')).toBe('Photo');
});

test('a description keeps its lines and loses what no table can hold', async () => {
  const parts: Part[] = [price, ['description', ' One\r\ntwo\u0000three\u202e \n']];
  const { photoId } = (await sendPhoto(...parts, ['photo', await makeImage(), 'a.jpg'])).json();
  expect((await findRow(photoId))?.description).toBe('One\ntwo three');
});

test.each([
  ['no price', []],
  ['an empty price', [['priceIdr', '']]],
  ['a negative price', [['priceIdr', '-1']]],
  ['a price with decimals', [['priceIdr', '1000.5']]],
  ['a price in words', [['priceIdr', 'cheap']]],
  ['a price above the limit', [['priceIdr', '500001']]],
  ['a title of 101 characters', [price, ['title', 'x'.repeat(101)]]],
  ['a description of 501 characters', [price, ['description', 'x'.repeat(501)]]],
  ['a latitude alone', [price, ['latitude', '1']]],
  ['a longitude alone', [price, ['longitude', '1']]],
  ['a latitude past the pole', [price, ['latitude', '90.1'], ['longitude', '1']]],
  ['a longitude past the date line', [price, ['latitude', '1'], ['longitude', '-180.5']]],
  ['coordinates in words', [price, ['latitude', 'NaN'], ['longitude', 'Infinity']]],
  ['an unknown kind of sale', [price, ['sale', 'auction']]],
  ['an event id that is none', [price, ['eventId', 'city-run']]],
  ["another user's id", [price, ['creatorId', newId()]]],
  ['an id of its own choice', [price, ['photoId', newId()]]],
  ['an unknown field', [price, ['filter', 'sepia']]],
] as [string, Part[]][])('a form with %s is refused and leaves nothing behind', async (_what, parts) => {
  const before = await traces();
  const response = await sendPhoto(...parts, ['photo', await makeImage(), 'a.jpg']);
  expect(response.statusCode).toBe(400);
  expect(response.json()).toMatchObject({ code: 'REQUEST_INVALID' });
  expect(response.json().errors.length).toBeGreaterThan(0);
  expect(await traces()).toEqual(before);
});

test.each([
  ['no file', 400, 'FILE_MISSING', async () => [price]],
  ['a field after the file', 400, 'FIELD_AFTER_FILE', async () => [['photo', await makeImage(), 'a.jpg'], price]],
  [
    'the price after the file',
    400,
    'FIELD_AFTER_FILE',
    async () => [price, ['photo', await makeImage(), 'a.jpg'], ['title', 'x']],
  ],
  ['a field twice', 400, 'FIELD_TWICE', async () => [price, price, ['photo', await makeImage(), 'a.jpg']]],
  ['a field of 10 kilobytes', 400, 'FIELD_TOO_LONG', async () => [price, ['title', 'x'.repeat(10_000)]]],
  [
    'two files',
    400,
    'TOO_MANY_FILES',
    async () => [price, ['photo', await makeImage(), 'a.jpg'], ['photo', await makeImage(), 'b.jpg']],
  ],
  ['the file in another field', 400, 'FILE_FIELD_UNKNOWN', async () => [price, ['image', await makeImage(), 'a.jpg']]],
  ['an empty file', 400, 'FILE_EMPTY', async () => [price, ['photo', Buffer.alloc(0), 'a.jpg']]],
  [
    'a file that is too large',
    413,
    'FILE_TOO_LARGE',
    async () => [price, ['photo', Buffer.alloc(sizeMax + 1, 1), 'a.jpg']],
  ],
  ['a text called .jpg', 415, 'NOT_AN_IMAGE', async () => [price, ['photo', Buffer.from('hello'), 'a.jpg']]],
  ['HEIC called .jpg', 415, 'HEIC_NOT_SUPPORTED', async () => [price, ['photo', makeBrandedFile('heic'), 'a.jpg']]],
  ['RAW called .tif', 415, 'RAW_NOT_SUPPORTED', async () => [price, ['photo', makeTiff([[50706, 1, 4]]), 'a.tif']]],
  [
    'half a picture',
    422,
    'IMAGE_TRUNCATED',
    async () => [price, ['photo', (await makeImage()).subarray(0, 5000), 'a.jpg']],
  ],
  [
    '2.5 billion pixels',
    422,
    'IMAGE_TOO_MANY_PIXELS',
    async () => [price, ['photo', makePngBomb(50_000, 50_000), 'a.png']],
  ],
  [
    'an event that is not theirs',
    404,
    'EVENT_NOT_FOUND',
    async () => [price, ['eventId', newId()], ['photo', await makeImage(), 'a.jpg']],
  ],
] as [string, number, string, () => Promise<Part[]>][])(
  'a form with %s is answered %i %s and leaves nothing behind',
  async (_what, status, code, parts) => {
    const before = await traces();
    const response = await sendPhoto(...(await parts()));
    expect(response.json()).toMatchObject({ status, code });
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(await traces()).toEqual(before);
  },
);

test('a file of exactly the largest size is read to its end', async () => {
  const padded = Buffer.concat([await makeImage(), Buffer.alloc(sizeMax)]).subarray(0, sizeMax);
  expect((await sendPhoto(price, ['photo', padded, 'a.jpg'])).statusCode).toBe(201);
});

test('a body that is no multipart form, or a broken one, is refused', async () => {
  const before = await traces();
  const send = (contentType: string, payload: string) =>
    uploads.system.app.inject({
      method: 'POST',
      url: '/v1/uploads/photo',
      headers: { ...creator.headers, 'content-type': contentType },
      payload,
    });
  expect((await send('application/json', '{"priceIdr":1}')).statusCode).toBe(415);
  expect((await send('text/plain', 'hello')).statusCode).toBe(415);
  expect((await send('multipart/form-data', 'hello')).statusCode).toBe(400);
  const open = '--x\r\ncontent-disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n';
  const field = '--x\r\ncontent-disposition: form-data; name="priceIdr"\r\n\r\n1\r\n';
  expect((await send('multipart/form-data; boundary=x', `${field}${open}no end`)).statusCode).toBe(400);
  expect((await send('multipart/form-data; boundary=x', '')).statusCode).toBe(400);
  expect(await traces()).toEqual(before);
});

test('only creators upload, with a token that is good', async () => {
  const before = await traces();
  const photo: Part = ['photo', await makeImage(), 'a.jpg'];
  const member = await uploads.signUp();
  const answers = [
    await uploads.send('/v1/uploads/photo', member.headers, [price, photo]),
    await uploads.send('/v1/uploads/photos', member.headers, [price, photo]),
    await uploads.send('/v1/uploads/photo', {}, [price, photo]),
    await uploads.send('/v1/uploads/photo', { authorization: 'Bearer forged' }, [price, photo]),
    await uploads.send('/v1/uploads/photo', { authorization: `Bearer ${creator.token}x` }, [price, photo]),
  ];
  expect(answers.map((answer) => answer.json().code)).toEqual([
    'CREATOR_REQUIRED',
    'CREATOR_REQUIRED',
    'TOKEN_MISSING',
    'TOKEN_INVALID',
    'TOKEN_INVALID',
  ]);
  expect(await traces()).toEqual(before);
});

test('an upload is shown to its creator alone', async () => {
  const { photoId } = (await sendPhoto(price, ['photo', await makeImage(), 'a.jpg'])).json();
  const other = await uploads.signUp({ creator: true });
  for (const [method, url] of [
    ['GET', `/v1/uploads/${photoId}`],
    ['POST', `/v1/uploads/${photoId}/retry`],
  ] as const) {
    const response = await uploads.system.app.inject({ method, url, headers: other.headers });
    expect(response.json()).toMatchObject({ status: 404, code: 'PHOTO_NOT_FOUND' });
  }
});

test('the same bytes again are the same photo, whatever is said of them', async () => {
  const bytes = await makeImage();
  const first = await sendPhoto(price, ['title', 'One'], ['photo', bytes, 'a.jpg']);
  const before = await traces();
  const second = await sendPhoto(['priceIdr', '1'], ['title', 'Two'], ['photo', bytes, 'b.jpg']);
  expect([first.statusCode, second.statusCode]).toEqual([201, 200]);
  const { photoId } = first.json();
  expect(second.json()).toMatchObject({
    photoId,
    eventId: null,
    title: 'One',
    priceIdr: 25_000,
    sale: 'shared',
    notApplied: ['title', 'priceIdr'],
    message: expect.stringContaining('the title, the price'),
  });
  expect((await findRow(photoId))?.title).toBe('One');
  expect(await traces()).toEqual(before);
});

test('the same bytes of another creator are another photo', async () => {
  const bytes = await makeImage();
  const other = await uploads.signUp({ creator: true });
  const first = await sendPhoto(price, ['photo', bytes, 'a.jpg']);
  const second = await uploads.send('/v1/uploads/photo', other.headers, [price, ['photo', bytes, 'a.jpg']]);
  expect(second.statusCode).toBe(201);
  expect(second.json().photoId).not.toBe(first.json().photoId);
});

test('the same bytes eight times at once are exactly one photo, and all get its id', async () => {
  const bytes = await makeImage();
  const rows = await countRows();
  const files = (await uploads.listFiles()).length;
  const answers = await Promise.all(Array.from({ length: 8 }, () => sendPhoto(price, ['photo', bytes, 'a.jpg'])));
  expect(new Set(answers.map((answer) => answer.json().photoId)).size).toBe(1);
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
  expect(await countRows()).toBe((rows ?? 0n) + 1n);
  expect((await uploads.listFiles()).length).toBe(files + 1);
});

test('in a batch each photo is accepted or refused on its own', async () => {
  const [good, again] = [await makeImage('png'), await makeImage('webp')];
  await sendPhoto(price, ['photo', again, 'x.webp']);
  const response = await uploads.send('/v1/uploads/photos', { ...creator.headers, 'accept-language': 'id' }, [
    price,
    ['photo', Buffer.alloc(sizeMax + 100_000, 1), 'large.jpg'],
    ['photo', good, 'good.png'],
    ['photo', Buffer.from('hello'), 'text.jpg'],
    ['photo', again, 'again.webp'],
    ['photo', Buffer.alloc(0), 'empty.jpg'],
  ]);
  expect(response.statusCode).toBe(207);
  const { items } = response.json();
  expect(
    items.map(({ fileName, outcome, problem }: Record<string, { code: string }>) => [fileName, outcome, problem?.code]),
  ).toEqual([
    ['large.jpg', 'refused', 'FILE_TOO_LARGE'],
    ['good.png', 'accepted', undefined],
    ['text.jpg', 'refused', 'NOT_AN_IMAGE'],
    ['again.webp', 'duplicate', undefined],
    ['empty.jpg', 'refused', 'FILE_EMPTY'],
  ]);
  expect(items[4].problem).toMatchObject({ status: 400, detail: 'Berkas kosong.' });
  expect((await findRow(items[1].photoId))?.state).toBe('accepted');
  expect((await uploads.listFiles()).filter((file) => file.includes('spool'))).toEqual([]);
});

test('a batch in which all are accepted is answered 201', async () => {
  const response = await uploads.send('/v1/uploads/photos', creator.headers, [
    price,
    ['photo', await makeImage(), 'a.jpg'],
    ['photo', await makeImage('tiff'), 'b.tif'],
  ]);
  expect(response.statusCode).toBe(201);
  expect(response.json().items).toHaveLength(2);
});

test('each file of a batch has its answer: those above the limit are refused by name, and the others are there', async () => {
  const photos: Part[] = [];
  for (let count = 0; count < 8; count++) photos.push(['photo', await makeImage(), `${count}.jpg`]);
  const answer = await uploads.send('/v1/uploads/photos', creator.headers, [price, ...photos]);
  expect(answer.statusCode).toBe(207);
  const { items } = answer.json();
  expect(items.map(({ fileName }: { fileName: string }) => fileName)).toEqual(photos.map(([, , name]) => name));
  for (const item of items.slice(0, 5)) expect((await findRow(item.photoId))?.state).toBe('accepted');
  for (const item of items.slice(5)) {
    expect(item).toMatchObject({ outcome: 'refused', problem: { status: 400, code: 'TOO_MANY_FILES' } });
  }
  const again = await uploads.send('/v1/uploads/photos', creator.headers, [price, ...photos.slice(3)]);
  expect(again.json().items.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
    'duplicate',
    'duplicate',
    'accepted',
    'accepted',
    'accepted',
  ]);
});

test('when a form is refused behind accepted files, these have their answers all the same', async () => {
  const answer = await uploads.send('/v1/uploads/photos', creator.headers, [
    price,
    ['photo', await makeImage(), 'a.jpg'],
    ['title', 'Too late'],
    ['photo', await makeImage(), 'b.jpg'],
  ]);
  expect(answer.statusCode).toBe(207);
  const { items } = answer.json();
  expect(items).toMatchObject([
    { fileName: 'a.jpg', outcome: 'accepted' },
    { fileName: '', outcome: 'refused', problem: { code: 'FIELD_AFTER_FILE' } },
  ]);
  expect((await findRow(items[0].photoId))?.state).toBe('accepted');
});

test("a batch with another user's id is refused before its first file", async () => {
  const before = await traces();
  const response = await uploads.send('/v1/uploads/photos', creator.headers, [
    price,
    ['creatorId', newId()],
    ['photo', await makeImage(), 'a.jpg'],
  ]);
  expect(response.statusCode).toBe(400);
  expect(await traces()).toEqual(before);
});

test('the same bytes of a photo that an operator removed are refused', async () => {
  const bytes = await makeImage();
  const { photoId } = (await sendPhoto(price, ['photo', bytes, 'a.jpg'])).json();
  await uploads.ctx.db.updateTable('uploads').set({ state: 'processed' }).where('photo_id', '=', photoId).execute();
  const catalogue = openDatabase<{ photos: { photo_id: string; status: string } }>({
    url: uploads.system.databaseUrls.photo,
    poolSizeMax: 1,
    onTrouble: () => {},
  });
  await catalogue.updateTable('photos').set({ status: 'removed' }).where('photo_id', '=', photoId).execute();
  await catalogue.destroy();
  const again = await sendPhoto(price, ['photo', bytes, 'a.jpg']);
  expect(again.json()).toMatchObject({ status: 422, code: 'PHOTO_REMOVED' });
});

test('the API document describes the forms', () => {
  const schema = { required: ['priceIdr', 'photo'], properties: { photo: { type: 'string', format: 'binary' } } };
  expect(uploads.system.app.swagger()).toMatchObject({
    paths: {
      '/v1/uploads/photo': { post: { requestBody: { content: { 'multipart/form-data': { schema } } } } },
      '/v1/uploads/photos': { post: {} },
      '/v1/facecams': { post: {}, get: {} },
    },
  });
});

test('only a photo that failed can be tried again', async () => {
  const { photoId } = (await sendPhoto(price, ['photo', await makeImage(), 'a.jpg'])).json();
  const retry = (id: string) =>
    uploads.system.app.inject({ method: 'POST', url: `/v1/uploads/${id}/retry`, headers: creator.headers });
  expect((await retry(photoId)).json()).toMatchObject({ status: 422, code: 'UPLOAD_NOT_FAILED' });
  expect((await retry(newId())).statusCode).toBe(404);
  expect((await retry('x')).statusCode).toBe(400);
});

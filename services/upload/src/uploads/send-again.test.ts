import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeImage } from '../testing/images.ts';
import { type Part, startUploads, type UploadSystem } from '../testing/start-uploads.ts';

let uploads: UploadSystem;
let creator: Member;

beforeAll(async () => {
  uploads = await startUploads();
  creator = await uploads.signUp({ creator: true });
});
afterAll(() => uploads?.close());

const price: Part = ['priceIdr', '25000'];
const sendPhoto = (...parts: Part[]) => uploads.send('/v1/uploads/photo', creator.headers, parts);
const findRow = (photoId: string) =>
  uploads.ctx.db.selectFrom('uploads').selectAll().where('photo_id', '=', photoId).executeTakeFirst();

async function makeEvent(): Promise<string> {
  const payload = {
    name: 'City Run',
    startsAt: '2026-05-01T00:00:00Z',
    endsAt: '2026-05-01T06:00:00Z',
    timeZone: 'Asia/Jakarta',
  };
  const reply = await uploads.system.app.inject({
    method: 'POST',
    url: '/v1/events',
    headers: creator.headers,
    payload,
  });
  return reply.json().eventId;
}

test('the same bytes again are answered with the photo as it is by now, in words of the reader', async () => {
  const bytes = await makeImage();
  const eventId = await makeEvent();
  const { photoId } = (await sendPhoto(price, ['title', 'One'], ['photo', bytes, 'a.jpg'])).json();
  await waitFor(async () => (await findRow(photoId))?.state === 'processed', { what: 'the photo to be on sale' });
  const again = (...fields: Part[]) => sendPhoto(price, ...fields, ['photo', bytes, 'a.jpg']);
  expect((await again()).json()).toMatchObject({
    status: 'on_sale',
    title: 'One',
    notApplied: [],
    message: 'You have sent this photo before; it is already here.',
  });
  expect((await again(['eventId', eventId], ['sale', 'exclusive'])).json()).toMatchObject({
    eventId: null,
    notApplied: ['eventId', 'sale'],
  });
  const payload = { eventId, priceIdr: 1, hidden: true };
  const url = `/v1/photos/${photoId}`;
  await uploads.system.app.inject({ method: 'PATCH', url, headers: creator.headers, payload });
  const headers = { ...creator.headers, 'accept-language': 'id' };
  const batch = await uploads.send('/v1/uploads/photos', headers, [
    price,
    ['eventId', eventId],
    ['photo', bytes, 'a.jpg'],
  ]);
  expect(batch.json().items).toMatchObject([
    {
      outcome: 'duplicate',
      photoId,
      photo: {
        eventId,
        priceIdr: 1,
        hidden: true,
        notApplied: ['priceIdr'],
        message: expect.stringContaining('harga'),
      },
    },
  ]);
  await waitFor(async () => (await findRow(photoId))?.event_id === eventId, { what: 'upload to hear of the move' });
});

test('bytes of a photo that failed are tried again as it was sent at first, and the answer says so', async () => {
  const bytes = await makeImage();
  await uploads.system.service('upload').hold();
  const { photoId } = (await sendPhoto(price, ['title', 'One'], ['photo', bytes, 'a.jpg'])).json();
  const { original_key: key = '' } = (await findRow(photoId)) ?? {};
  await uploads.ctx.objects.delete({ bucket: 'originals', key });
  await uploads.system.service('upload').work();
  await waitFor(async () => (await findRow(photoId))?.state === 'failed', { what: 'the photo to fail' });
  const again = await sendPhoto(price, ['title', 'Two'], ['photo', bytes, 'a.jpg']);
  expect(again.json()).toMatchObject({ photoId, title: 'One', notApplied: ['title'] });
  expect(['raw', 'failed']).toContain(again.json().status);
});

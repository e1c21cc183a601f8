import { query } from '@kilas/testkit/query.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readGroupPhoto } from '../testing/selfies.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';

const timeoutMs = 60_000;
let uploads: UploadSystem;
let creator: Member;

beforeAll(async () => {
  uploads = await startUploads({ withAi: true });
  creator = await uploads.signUp({ creator: true });
});

afterAll(() => uploads?.close());

async function count(database: 'ai' | 'photo' | 'upload', from: string, values: unknown[] = []): Promise<number> {
  const rows = await query(uploads.system.databaseUrls[database], `select count(*)::int as n from ${from}`, values);
  return Number(rows[0]?.n);
}

const isAtWork = (on: 'ai' | 'upload', id: string) => count(on, `risky_work where thing = 'photo/' || $1`, [id]);
const isOnSale = (id: string) => count('photo', `photos where photo_id = $1 and status = 'on_sale'`, [id]);
const isStored = (id: string) => count('ai', 'faces where photo_id = $1', [id]);
const isRecognised = (id: string) => count('photo', `photos where photo_id = $1 and recognition = 'done'`, [id]);

/** When a photo is deleted: as soon as one of these is there. Work that was over before anybody looked is passed over. */
const moments: readonly (readonly [what: string, ...signs: ((photoId: string) => Promise<number>)[]])[] = [
  ['it was just accepted', async () => 1],
  ['its images are being made', (id) => isAtWork('upload', id), isOnSale],
  ['it is on sale', isOnSale],
  ['ai looks at it', (id) => isAtWork('ai', id), isStored],
  ['its faces stand', isStored],
  ['it was recognised', isRecognised],
];

test('a photo that is deleted at any moment leaves nothing in photo, upload, ai and the storage', async () => {
  const group = await readGroupPhoto();
  for (const [position, [what, ...signs]] of moments.entries()) {
    const bytes = await sharp(group)
      .resize(1200 + position)
      .jpeg()
      .toBuffer();
    const parts = [
      ['priceIdr', '5000'],
      ['photo', bytes, 'a.jpg'],
    ] as const;
    const sent = await uploads.send('/v1/uploads/photo', creator.headers, parts);
    expect(sent.statusCode, sent.body).toBe(201);
    const { photoId } = sent.json();
    const isThere = async () => (await Promise.all(signs.map((sign) => sign(photoId)))).some((seen) => seen > 0);
    await waitFor(isThere, { what, timeoutMs, everyMs: 2 });
    const request = { method: 'POST', url: '/v1/creator/photos/delete', headers: creator.headers } as const;
    const deleted = await uploads.system.app.inject({ ...request, payload: { photoIds: [photoId] } });
    expect(deleted.json().items, what).toEqual([{ photoId, outcome: 'deleted' }]);
  }
  const isAtRest = async () =>
    (await count('photo', 'outbox_events')) === 0 &&
    (await count('upload', 'uploads')) === 0 &&
    (await count('upload', `jobs.job where state < 'completed' and start_after <= now() and name !~ '^sweep'`)) === 0 &&
    (await count('ai', 'risky_work')) === 0;
  await waitFor(isAtRest, { what: 'all work to end', timeoutMs });
  // The hour passes.
  const url = uploads.system.databaseUrls.upload;
  await query(
    url,
    `update jobs.job set start_after = now() where name = 'delete-photo-objects' and state < 'completed'`,
  );
  await waitFor(async () => (await uploads.listFiles()).length === 0, { what: 'the storage to be empty', timeoutMs });
  for (const table of ['photos', 'matches', 'held_photos']) expect(await count('photo', table), table).toBe(0);
  for (const table of ['faces', 'photo_recognitions', 'face_imprints']) expect(await count('ai', table), table).toBe(0);
  expect(await count('upload', `jobs.job where state = 'failed'`)).toBe(0);
  expect(await count('photo', 'deleted_photos')).toBe(moments.length);
});

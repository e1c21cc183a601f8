import { readFile } from 'node:fs/promises';
import { ApiClient, ApiError, answerOf, asForm } from '@kilas/client/api-client.ts';
import { enrolSelfie, listFound } from '@kilas/client/journey/find-photos.ts';
import { becomeCreator, giveConsent, register } from '@kilas/client/journey/people.ts';
import { createEvent } from '@kilas/client/journey/sell-photos.ts';
import { makeSelfie, samplePhotoFiles } from '@kilas/samples/photos.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { killableRun } from './killable-run.ts';

const photoCount = 20;

const { url, start, end, remove } = await killableRun();
afterAll(remove);

/** Twenty different files: the samples at different sizes. */
async function makePhotos(): Promise<Buffer[]> {
  const samples = await samplePhotoFiles();
  return Promise.all(
    Array.from({ length: photoCount }, async (_, index) =>
      sharp(await readFile(samples[index % samples.length] ?? ''))
        .resize(900 + index)
        .jpeg()
        .toBuffer(),
    ),
  );
}

/** What was at work in the process that died is a suspect for a while: its client hears 503 and when to come again. */
async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const answered = await waitFor(
    () =>
      ask().then(
        (answer) => ({ answer }),
        (error: unknown) => {
          if (error instanceof ApiError && error.status === 503) return undefined;
          throw error;
        },
      ),
    { what: 'an answer other than 503', timeoutMs: 90_000 },
  );
  return answered.answer;
}

test('killed in the middle of 20 uploads and a selfie, every photo ends on sale, recognised, exactly once', async () => {
  await start();
  const api = new ApiClient(url);
  const creator = await register(api, 'creator');
  await becomeCreator(creator, 'Lensa');
  const eventId = await createEvent(creator, 'Crash Run', 'matches');
  const member = await register(api, 'member');
  await giveConsent(member);
  const selfie = await makeSelfie();
  const photos = await makePhotos();
  const upload = async (bytes: Buffer, index: number): Promise<string> => {
    const photo = new File([new Uint8Array(bytes)], `photo-${index}.jpg`);
    const body = { title: `photo ${index}`, priceIdr: '10000', eventId, photo };
    return (await answerOf(creator.rest.POST('/v1/uploads/photo', { body, bodySerializer: asForm }))).photoId;
  };

  const answers: (string | undefined)[] = Array.from({ length: photoCount }, () => undefined);
  const uploads = photos.map((bytes, index) =>
    upload(bytes, index).then(
      (photoId) => {
        answers[index] = photoId;
      },
      () => {},
    ),
  );
  const enrolment = enrolSelfie(member, selfie).catch(() => {});
  await waitFor(() => answers.filter((answer) => answer !== undefined).length >= photoCount / 4, {
    what: 'a quarter of the uploads to be accepted',
    timeoutMs: 60_000,
  });
  await end('SIGKILL');
  await Promise.all([...uploads, enrolment]);
  const acceptedBefore = answers.filter((answer) => answer !== undefined).length;
  expect(acceptedBefore).toBeGreaterThanOrEqual(photoCount / 4);

  await start();
  // Clients repeat what was not answered, as they would; and everything else too, which must change nothing.
  const repeated = await Promise.all(photos.map((bytes, index) => patiently(() => upload(bytes, index))));
  for (const [index, before] of answers.entries()) if (before !== undefined) expect(repeated[index]).toBe(before);
  expect(new Set(repeated).size).toBe(photoCount);
  const { items } = await answerOf(member.rest.GET('/v1/facecams'));
  if (items.length === 0) await patiently(() => enrolSelfie(member, selfie));

  const listPhotos = () => creator.list('/v1/creator/photos');
  await waitFor(
    async () =>
      (await listPhotos()).every(
        ({ status, recognition }) => status === 'failed' || (status === 'on_sale' && recognition === 'done'),
      ) || undefined,
    { what: 'every photo on sale and recognised', timeoutMs: 180_000 },
  );
  const ended = await listPhotos();
  expect(ended.map(({ title }) => title).sort()).toEqual(photos.map((_, index) => `photo ${index}`).sort());
  expect(ended.filter(({ status }) => status === 'failed')).toEqual([]);

  await waitFor(
    async () => {
      const { items: enrolled } = await answerOf(member.rest.GET('/v1/facecams'));
      return enrolled.length === 1 && enrolled[0]?.status === 'ready';
    },
    { what: 'exactly one facecam, ready', timeoutMs: 60_000 },
  );
  const found = (await listFound(member)).map(({ photoId }) => photoId);
  expect(new Set(found).size).toBe(found.length);
  const copies = repeated.filter((_, index) => index % 6 === 0);
  for (const photoId of copies) expect(found).toContain(photoId);
});

import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeImage } from '../testing/images.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { photoPriority } from '../uploads/photo-turn.ts';

let uploads: UploadSystem;
beforeAll(async () => {
  uploads = await startUploads({ isWorking: false, env: { DERIVE_CONCURRENCY: '1' } });
});
afterAll(() => uploads?.close());

async function send({ headers }: Member): Promise<string> {
  const parts = [
    ['priceIdr', '1000'],
    ['photo', await makeImage(), 'a.jpg'],
  ] as const;
  const reply = await uploads.send('/v1/uploads/photo', headers, parts);
  expect(reply.statusCode).toBe(201);
  return reply.json().photoId;
}

/** Photos in the order in which a step of them was done. */
async function listDone(step: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select data->'data'->>'photoId' as id from jobs.job where name = ${step} and state = 'completed' order by completed_on
  `.execute(uploads.ctx.db);
  return rows.map(({ id }) => id);
}

test('of two creators each photo has its turn: one photo does not wait behind the many of another', async () => {
  const [many, few] = [await uploads.signUp({ creator: true }), await uploads.signUp({ creator: true })];
  const crowd: string[] = [];
  for (let count = 1; count <= 8; count++) crowd.push(await send(many));
  const single = await send(few);
  await uploads.system.service('upload').work();
  for (const step of ['derive-photo', 'publish-photo']) {
    const done = await waitFor(
      async () => {
        const ids = await listDone(step);
        return ids.length === 9 ? ids : undefined;
      },
      { what: `${step} of all photos` },
    );
    // The first of each creator, in whichever order, and then the others as they came.
    if (step === 'derive-photo') expect(done).toEqual([crowd[0], single, ...crowd.slice(1)]);
    else expect(done.indexOf(single)).toBeLessThanOrEqual(3);
  }
});

test('a photo that waits for hours goes before what is new', () => {
  const noon = new Date('2026-12-01T12:00:00.000Z');
  const evening = new Date('2026-12-01T23:00:00.000Z');
  expect(photoPriority(noon, 1)).toBeGreaterThan(photoPriority(noon, 2));
  expect(photoPriority(noon, 10_000)).toBeGreaterThan(photoPriority(evening, 1));
  // 32 bits.
  expect(photoPriority(new Date('2200-12-31T00:00:00.000Z'), 10_000)).toBeGreaterThan(-(2 ** 31));
});

import { createHash } from 'node:crypto';
import { readSample, takeSelfie } from '@kilas/face-engine/testing/sample-photos.ts';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { findRisky } from '@kilas/platform/risky-work/risky-work-store.ts';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AiSchema } from '../db/schema.ts';
import { reasonOf } from '../testing/reason-of.ts';
import { type AiSystem, startAi } from '../testing/start-ai.ts';

let ai: AiSystem;
let db: Kysely<AiSchema>;

beforeAll(async () => {
  ai = await startAi();
  db = openDatabase({ url: ai.system.databaseUrls.ai, poolSizeMax: 1, onTrouble: () => {} });
});

afterAll(async () => {
  await db?.destroy();
  await ai?.system.close();
});

/** As processes left it that died of it: the last one just now, or long since. */
async function leaveBehind(thing: string, { deathCount, counts }: { deathCount: number; counts: boolean }) {
  await sql`insert into risky_work (thing, process_id, counts, seen_at, start_count, death_count)
    values (${thing}, ${newId()}, ${counts}, now() - interval '1 minute', ${deathCount + 1}, ${deathCount})`.execute(
    db,
  );
}

const thirdDeath = { deathCount: 2, counts: true };

test('a photo of which processes died three times is not looked at any more: its recognition has failed, and it stays on sale', async () => {
  const photo = await ai.addPhoto(await readSample(3));
  await leaveBehind(`photo/${photo.photoId}`, thirdDeath);
  for (let count = 0; count < 2; count++) {
    expect(await reasonOf(ai.faces.processPhoto(photo))).toBe('IMAGE_QUARANTINED');
  }
  expect(await ai.recognitionOf(photo.photoId)).toMatchObject({
    recognition: 'failed',
    recognitionFailure: 'IMAGE_QUARANTINED',
  });
  const url = '/metrics';
  expect((await ai.system.app.inject({ url })).body).toContain('kilas_pictures_quarantined{service="ai"} 1');
});

test('a photo that was at work in processes that were killed is recognised, and nothing stays behind', async () => {
  const photo = await ai.addPhoto(await readSample(3));
  const thing = `photo/${photo.photoId}`;
  await leaveBehind(thing, { deathCount: 2, counts: false });
  expect(await ai.faces.processPhoto(photo)).toMatchObject({ faceCount: 3 });
  expect(await findRisky(db, thing)).toBeUndefined();
});

test('a photo that an operator lets go is recognised', async () => {
  const photo = await ai.addPhoto(await readSample(3));
  const thing = `photo/${photo.photoId}`;
  await leaveBehind(thing, thirdDeath);
  await reasonOf(ai.faces.processPhoto(photo));
  await sql`delete from risky_work where thing = ${thing}`.execute(db);
  expect(await ai.faces.processPhoto(photo)).toMatchObject({ faceCount: 3 });
  expect(await ai.recognitionOf(photo.photoId)).toMatchObject({ recognition: 'done', recognitionFailure: null });
});

test('a selfie of which processes died three times is refused, at the door and at its enrolment', async () => {
  const image = await takeSelfie('guest');
  await leaveBehind(`selfie/${createHash('sha256').update(image).digest('hex')}`, thirdDeath);
  expect(await reasonOf(ai.faces.inspectFacecam({ memberId: newId(), image }))).toBe('IMAGE_QUARANTINED');
  const facecam = await ai.addFacecam(image);
  await leaveBehind(`facecam/${facecam.facecamId}`, thirdDeath);
  expect(await reasonOf(ai.faces.enrolFacecam(facecam))).toBe('IMAGE_QUARANTINED');
  // Another one of the same person will do.
  expect((await ai.faces.inspectFacecam({ memberId: newId(), image: await takeSelfie('guest', 1) })).rejection).toBe(
    '',
  );
});

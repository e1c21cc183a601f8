import { readSample, takeSelfie } from '@kilas/face-engine/testing/sample-photos.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AiSystem, startAi } from '../testing/start-ai.ts';

let ai: AiSystem;
beforeAll(async () => {
  ai = await startAi();
});
afterAll(() => ai?.system.close());

test("who enrols somebody else's picture and withdraws hides them from nobody: whoever they are enrols afterwards and finds all", async () => {
  const photoIds: string[] = [];
  for (let count = 0; count < 2; count++) {
    const photo = await ai.addPhoto(await readSample(6));
    await ai.faces.processPhoto(photo);
    photoIds.push(photo.photoId);
  }
  const attacker = await ai.newMember({ consent: true });
  await ai.faces.enrolFacecam(await ai.addFacecam(await takeSelfie('friend'), attacker.accountId));
  const idsOf = async (member: typeof attacker) => (await ai.photosOf(member)).map(({ photoId }) => photoId);
  expect(await idsOf(attacker)).toEqual(photoIds.sort());
  const { headers } = attacker;
  const answer = await ai.system.app.inject({ method: 'DELETE', url: '/v1/me/consent', headers });
  expect(answer.statusCode).toBe(202);
  const url = `/v1/me/consent/receipts/${answer.json().receiptId}`;
  const read = async () => (await ai.system.app.inject({ url, headers })).json();
  const isErased = async () => {
    const { removed } = await read();
    return removed.ai !== null && removed.photo !== null;
  };
  await waitFor(isErased, { what: 'the withdrawal to be acted on', timeoutMs: 60_000 });
  expect(await idsOf(attacker)).toEqual([]);

  const victim = await ai.newMember({ consent: true });
  await ai.faces.enrolFacecam(await ai.addFacecam(await takeSelfie('friend', 1), victim.accountId));
  expect(await idsOf(victim)).toEqual(photoIds.sort());
  const { removed, cutOffFaces } = await read();
  expect(removed.ai).toMatchObject({ templates: 1, faces: 0, matches: 2 });
  expect(cutOffFaces).toMatchObject({ count: 2, goneAt: null });
});

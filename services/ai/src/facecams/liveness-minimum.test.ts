import { takeSelfie } from '@kilas/face-engine/testing/sample-photos.ts';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AiSystem, startAi } from '../testing/start-ai.ts';

let ai: AiSystem;

beforeAll(async () => {
  ai = await startAi({ SELFIE_LIVENESS_MIN: '1' });
});

afterAll(() => ai?.system.close());

test('an installation that asks for a liveness refuses what is below it, at the door and at enrolment', async () => {
  const selfie = await takeSelfie('guest');
  expect(await ai.faces.inspectFacecam({ memberId: newId(), image: selfie })).toMatchObject({ rejection: 'not_live' });
  const enrolment = ai.faces.enrolFacecam(await ai.addFacecam(selfie));
  const refused = await enrolment.then(() => undefined, refusalOf);
  expect(refused).toMatchObject({ reason: 'FACECAM_REJECTED', params: { rejection: 'not_live' } });
});

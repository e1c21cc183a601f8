import { newId } from '@kilas/platform/ids.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reasonOf } from '../testing/reason-of.ts';
import { readSample, takeSelfie } from '../testing/sample-photos.ts';
import { type AiSystem, startAi } from '../testing/start-ai.ts';

let ai: AiSystem;
/** Samples 1 to 6, recognised before any test enrols. */
let photoIds: string[];

beforeAll(async () => {
  ai = await startAi();
  photoIds = [];
  for (let number = 1; number <= 6; number++) {
    const photo = await ai.addPhoto(await readSample(number));
    await ai.faces.processPhoto(photo);
    photoIds.push(photo.photoId);
  }
});

afterAll(() => ai?.system.close());

test('a facecam finds the photo that is there already, and no other', async () => {
  const guest = await ai.addFacecam(await takeSelfie('guest'));
  expect(await ai.faces.enrolFacecam(guest)).toMatchObject({ matchCount: 1 });
  const [match, ...others] = ai.photo.matchesOf(guest.memberId);
  expect(others).toEqual([]);
  expect(match).toMatchObject({ photoId: photoIds[5], facecamId: guest.facecamId, consentEpoch: 1, level: 9 });
  expect(match?.distance).toBeLessThan(0.3);
  expect(match?.falseMatchRate).toBeLessThan(1e-6);
  // Within the part of the photo that the selfie was cut from.
  expect(match?.box?.left).toBeGreaterThan(562 / 1920);
  expect((match?.box?.left ?? 0) + (match?.box?.width ?? 0)).toBeLessThan((562 + 383) / 1920);
});

test('an enrolment that comes again needs the selfie no more and changes nothing', async () => {
  const guest = await ai.addFacecam(await takeSelfie('guest'));
  const first = await ai.faces.enrolFacecam(guest);
  await ai.objects.delete({ bucket: 'selfies', key: guest.selfieKey });
  expect(await ai.faces.enrolFacecam(guest)).toEqual(first);
  expect(ai.photo.matchesOf(guest.memberId)).toHaveLength(1);
});

test('a selfie that will not do is refused with the reason', async () => {
  const crowd = await ai.addFacecam(await readSample(6));
  expect(await reasonOf(ai.faces.enrolFacecam(crowd))).toBe('FACECAM_REJECTED');
  const broken = await ai.addFacecam(Buffer.from('no image at all'));
  expect(await reasonOf(ai.faces.enrolFacecam(broken))).toBe('IMAGE_BROKEN');
});

test("a selfie of someone else than the member's others is refused", async () => {
  const guest = await ai.addFacecam(await takeSelfie('guest'));
  await ai.faces.enrolFacecam(guest);
  const friend = await ai.addFacecam(await takeSelfie('friend'), guest.memberId);
  expect(await reasonOf(ai.faces.enrolFacecam(friend))).toBe('FACECAM_MISMATCH');
});

test('an enrolment for a withdrawn consent is refused', async () => {
  const guest = await ai.addFacecam(await takeSelfie('guest'));
  await ai.withdraw(guest.memberId, 1);
  expect(await reasonOf(ai.faces.enrolFacecam(guest))).toBe('CONSENT_WITHDRAWN');
  expect(await ai.faces.enrolFacecam({ ...guest, consentEpoch: 2 })).toMatchObject({ matchCount: 1 });
});

test('a withdrawal while an enrolment is under way leaves no template behind', async () => {
  const friend = await ai.addFacecam(await takeSelfie('friend'));
  const busy = ai.faces.processPhoto(await ai.addPhoto(await readSample(5)));
  const enrolment = reasonOf(ai.faces.enrolFacecam(friend));
  const erased = await ai.withdraw(friend.memberId, 1);
  expect(await enrolment).toBe('CONSENT_WITHDRAWN');
  expect(erased).toEqual({ templates: 0, faces: 0 });
  await busy;
  await ai.faces.processPhoto(await ai.addPhoto(await readSample(6)));
  expect(ai.photo.matchesOf(friend.memberId)).toEqual([]);
});

test('a facecam forgotten while its enrolment is under way is not made', async () => {
  const friend = await ai.addFacecam(await takeSelfie('friend'));
  const busy = ai.faces.processPhoto(await ai.addPhoto(await readSample(5)));
  const enrolment = reasonOf(ai.faces.enrolFacecam(friend));
  await ai.faces.forgetFacecam(friend);
  expect(await enrolment).toBe('FACECAM_FORGOTTEN');
  await busy;
});

test('photos found by a forgotten facecam stay found where another facecam finds them', async () => {
  const first = await ai.addFacecam(await takeSelfie('guest'));
  const second = await ai.addFacecam(await takeSelfie('guest', 1), first.memberId);
  await ai.faces.enrolFacecam(first);
  await ai.faces.enrolFacecam(second);
  const before = ai.photo.matchesOf(first.memberId);
  const [nearest, other] = before[0]?.facecamId === first.facecamId ? [first, second] : [second, first];
  await ai.faces.forgetFacecam(nearest);
  const after = ai.photo.matchesOf(first.memberId);
  expect(after.map(({ photoId }) => photoId).sort()).toEqual(before.map(({ photoId }) => photoId).sort());
  expect(after.every(({ facecamId }) => facecamId === other.facecamId)).toBe(true);
  await ai.faces.forgetFacecam(nearest);
  await ai.faces.forgetFacecam(other);
  expect(ai.photo.matchesOf(first.memberId)).toEqual([]);
});

test('what is not an id, a key or an epoch is refused', async () => {
  const guest = await ai.addFacecam(await takeSelfie('guest'));
  const wrong = [{ memberId: 'me' }, { facecamId: '' }, { consentEpoch: 0 }, { selfieKey: '../../installation.json' }];
  for (const part of wrong) {
    expect(await reasonOf(ai.faces.enrolFacecam({ ...guest, ...part }))).toBe('REQUEST_INVALID');
  }
  expect(await reasonOf(ai.faces.forgetFacecam({ memberId: newId(), facecamId: 'it' }))).toBe('REQUEST_INVALID');
});

import { DEFAULT_PACK_ID, DLIB_PACK_ID } from '@kilas/face-engine/packs/built-in-packs.ts';
import { people, readSample, takeSelfie } from '@kilas/face-engine/testing/sample-photos.ts';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { reasonOf } from '../testing/reason-of.ts';
import { type AiSystem, type Facecam, startAi } from '../testing/start-ai.ts';

let ai: AiSystem;
let member: Member;
let memberId: string;
let enrolled: Facecam[];
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

beforeEach(async () => {
  member = await ai.newMember();
  memberId = member.accountId;
  enrolled = [];
});

// So that the selfies of one test find nothing in the next.
afterEach(async () => {
  for (const facecam of enrolled) await ai.faces.forgetFacecam(facecam);
});

async function facecamOf(selfie: Buffer): Promise<Facecam> {
  const facecam = await ai.addFacecam(selfie, memberId);
  enrolled.push(facecam);
  return facecam;
}

const idsFound = async () => (await ai.photosOf(member)).map(({ photoId }) => photoId);

test('a facecam finds the photo that is there already, and no other', async () => {
  const guest = await facecamOf(await takeSelfie('guest'));
  expect(await ai.faces.enrolFacecam(guest)).toMatchObject({ matchCount: 1 });
  const [photo, ...others] = await ai.photosOf(member);
  expect(others).toEqual([]);
  expect(photo).toMatchObject({ photoId: photoIds[5], match: { level: 9 } });
  expect(photo?.match.distance).toBeLessThan(0.3);
  const { left = 0, width = 0 } = photo?.match.box ?? {};
  expect(left).toBeGreaterThan(people.guest.left);
  expect(left + width).toBeLessThan(people.guest.left + people.guest.width);
});

test('a match is judged by as many facecams as the member has by now, and says what the face is like', async () => {
  const read = async (): Promise<unknown> => {
    const { headers } = member;
    return (await ai.system.app.inject({ url: `/v1/photos/${photoIds[5]}`, headers })).json().match;
  };
  await ai.faces.enrolFacecam(await facecamOf(await takeSelfie('guest', 1)));
  expect(await read()).toMatchObject({ facecamsSearched: 1, quality: { eyeDistancePx: expect.any(Number) } });
  await ai.faces.enrolFacecam(await facecamOf(await takeSelfie('guest')));
  expect(await read()).toMatchObject({ facecamsSearched: 2, facesSearched: expect.any(Number) });
});

test('an enrolment that comes again needs the selfie no more and changes nothing', async () => {
  const guest = await facecamOf(await takeSelfie('guest'));
  const first = await ai.faces.enrolFacecam(guest);
  const before = await ai.photosOf(member);
  await ai.objects.delete({ bucket: 'selfies', key: guest.selfieKey });
  expect(await ai.faces.enrolFacecam(guest)).toEqual(first);
  expect(await ai.photosOf(member)).toMatchObject(before);
});

test('what a selfie was found to be is answered, again and again', async () => {
  const guest = await facecamOf(await takeSelfie('guest'));
  const { quality, realScore, liveScore } = await ai.faces.enrolFacecam(guest);
  expect(quality).toBeGreaterThan(0.8);
  for (const share of [quality, realScore, liveScore]) {
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThanOrEqual(1);
  }
  expect(await ai.faces.enrolFacecam(guest)).toMatchObject({ quality, realScore, liveScore });
});

test('a selfie that will not do is refused with the reason', async () => {
  const crowd = await facecamOf(await readSample(6));
  const refused = await ai.faces.enrolFacecam(crowd).then(() => undefined, refusalOf);
  expect(refused).toMatchObject({ reason: 'FACECAM_REJECTED', params: { rejection: 'many_faces' } });
  const broken = await facecamOf(Buffer.from('no image at all'));
  expect(await reasonOf(ai.faces.enrolFacecam(broken))).toBe('IMAGE_BROKEN');
});

test("a selfie of someone else than the member's others is refused", async () => {
  await ai.faces.enrolFacecam(await facecamOf(await takeSelfie('guest')));
  const friend = await facecamOf(await takeSelfie('friend'));
  expect(await reasonOf(ai.faces.enrolFacecam(friend))).toBe('FACECAM_MISMATCH');
});

test('an enrolment for a withdrawn consent is refused, one for a consent given anew is not', async () => {
  const guest = await facecamOf(await takeSelfie('guest'));
  await ai.withdraw(memberId, 1);
  expect(await reasonOf(ai.faces.enrolFacecam(guest))).toBe('CONSENT_WITHDRAWN');
  expect(await ai.faces.enrolFacecam({ ...guest, consentEpoch: 2 })).toMatchObject({ matchCount: 1 });
  expect(await idsFound()).toEqual([photoIds[5]]);
});

test('a withdrawal while an enrolment is under way leaves no template behind', async () => {
  const friend = await facecamOf(await takeSelfie('friend'));
  const busy = ai.faces.processPhoto(await ai.addPhoto(await readSample(5)));
  const enrolment = reasonOf(ai.faces.enrolFacecam(friend));
  const erased = await ai.withdraw(memberId, 1);
  expect(await enrolment).toBe('CONSENT_WITHDRAWN');
  expect(erased).toEqual({ templates: 0, faces: 0, facesCutOff: 0, matches: 0 });
  await busy;
  const later = await ai.addPhoto(await readSample(6));
  expect(await ai.faces.processPhoto(later)).toMatchObject({ matchCount: 0 });
  expect(await idsFound()).toEqual([]);
});

test('a facecam forgotten while its enrolment is under way is not made', async () => {
  const friend = await facecamOf(await takeSelfie('friend'));
  const busy = ai.faces.processPhoto(await ai.addPhoto(await readSample(5)));
  const enrolment = reasonOf(ai.faces.enrolFacecam(friend));
  await ai.faces.forgetFacecam(friend);
  expect(await enrolment).toBe('FACECAM_FORGOTTEN');
  await busy;
  expect(await idsFound()).toEqual([]);
});

test('photos found by a forgotten facecam stay found where another facecam finds them', async () => {
  const one = await facecamOf(await takeSelfie('guest'));
  await ai.faces.enrolFacecam(one);
  const alone = await ai.photosOf(member);
  const other = await facecamOf(await takeSelfie('guest', 1));
  await ai.faces.enrolFacecam(other);
  await ai.faces.forgetFacecam(other);
  // As if the other had never been: the same photos, at the distance of the one that stays.
  expect(await ai.photosOf(member)).toMatchObject(alone);
  await ai.faces.enrolFacecam(await facecamOf(await takeSelfie('guest', 2)));
  await ai.faces.forgetFacecam(one);
  expect(await idsFound()).toEqual(alone.map(({ photoId }) => photoId));
});

test('when the last facecam is forgotten nothing is found any more, and forgetting again is no error', async () => {
  const guest = await facecamOf(await takeSelfie('guest'));
  await ai.faces.enrolFacecam(guest);
  await ai.faces.forgetFacecam(guest);
  expect(await idsFound()).toEqual([]);
  await ai.faces.forgetFacecam(guest);
  const later = await ai.addPhoto(await readSample(6));
  expect(await ai.faces.processPhoto(later)).toMatchObject({ matchCount: 0 });
});

test('what is not an id, a key or an epoch is refused', async () => {
  const guest = await ai.addFacecam(await takeSelfie('guest'));
  const wrong = [{ memberId: 'me' }, { facecamId: '' }, { consentEpoch: 0 }, { selfieKey: '../../installation.json' }];
  for (const part of wrong) {
    expect(await reasonOf(ai.faces.enrolFacecam({ ...guest, ...part }))).toBe('REQUEST_INVALID');
  }
  expect(await reasonOf(ai.faces.forgetFacecam({ memberId: newId(), facecamId: 'it' }))).toBe('REQUEST_INVALID');
});

test('a replica that runs another pack than the one that must know a facecam leaves it to one that does', async () => {
  const guest = await facecamOf(await takeSelfie('guest'));
  const other = ai.faces.enrolFacecam({ ...guest, packId: DLIB_PACK_ID });
  expect(refusalOf(await other.catch((error: unknown) => error))?.reason).toBe('AI_BUSY');
  expect(await idsFound()).toEqual([]);
  await ai.faces.enrolFacecam({ ...guest, packId: DEFAULT_PACK_ID });
  expect(await idsFound()).toContain(photoIds[5]);
});

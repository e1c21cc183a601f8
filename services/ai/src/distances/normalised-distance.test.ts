import { l2Distance } from '@kilas/face-engine/distances/distance.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listMatchesByPhoto } from '../matching/match-store.ts';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { newPerson, likenessOf as pictureOf } from '../testing/synthetic-faces.ts';
import { addFacecam, addPhoto, packId, photosOf, storeFacecam } from '../testing/synthetic-steps.ts';
import { insertTypicalFace } from '../typical-faces/typical-face-store.ts';
import { normalisedDistanceOf } from './distance-sql.ts';
import { farBeyondUsual, likenessOf, normalisedDistance, typicalOf } from './normalised-distance.ts';

let database: FaceDatabase;

beforeAll(async () => {
  database = await openFaceDatabase();
});

afterAll(() => database?.close());

/** Faces that are partly alike: a share of each is the same for all. */
function alike(common: Float32Array, share: number): Float32Array {
  return newPerson().map((value, i) => (1 - share) * value + share * (common[i] ?? 0));
}

test('two faces near to the middle of all are farther than they seem, two faces far from it nearer', () => {
  const common = newPerson();
  const crowd = Array.from({ length: 200 }, () => alike(common, 0.3));
  const typical = typicalOf(crowd);
  const [a, b] = [alike(common, 0.6), alike(common, 0.6)];
  const [c, d] = [newPerson(), newPerson()];
  expect(normalisedDistance(a, b, typical)).toBeGreaterThan(l2Distance(a, b));
  expect(normalisedDistance(c, d, typical)).toBeLessThan(l2Distance(c, d));
  expect(normalisedDistance(a, b, undefined)).toBe(l2Distance(a, b));
});

test('no distance is shortened by more than is said, and none falls below 0', () => {
  const typical = typicalOf(Array.from({ length: 50 }, newPerson));
  const far = newPerson().map((value) => 5 * value);
  expect(l2Distance(far, pictureOf(far, 0.5)) - normalisedDistance(far, pictureOf(far, 0.5), typical)).toBeCloseTo(
    farBeyondUsual,
    5,
  );
  expect(normalisedDistance(far, far, typical)).toBe(0);
});

test('the database computes the same distance', async () => {
  const { db } = database;
  const typical = typicalOf(Array.from({ length: 30 }, newPerson));
  const other = `other-${packId}`;
  await storeFacecam(db, newPerson(), { packId: other });
  await insertTypicalFace(db, other, typical, new Date());
  for (const [a, b] of [
    [newPerson(), newPerson()],
    [newPerson(), typical.embedding],
  ] as const) {
    const [first, second] = [a, b].map((vector) => sql`${`[${vector.join(',')}]`}::vector`);
    const { rows } = await sql<{ distance: number }>`
      select ${normalisedDistanceOf(first ?? sql``, second ?? sql``, 'n')} as distance
      from typical_faces n where n.pack_id = ${other}`.execute(db);
    expect(rows[0]?.distance).toBeCloseTo(normalisedDistance(a, b, typical), 5);
  }
});

test('with a typical face, the normalised distance decides who is in a photo, in both directions of the search', async () => {
  const { db } = database;
  const pack = 'normalised-pack';
  const middle = newPerson().map((value) => value / 2);
  const shown = newPerson();
  // Nearly in the middle: 0.5 apart, and as near to many others.
  const dull = Float32Array.from(middle);
  await storeFacecam(db, shown, { packId: pack });
  await insertTypicalFace(db, pack, { embedding: middle, usualDistance: 1 }, new Date());
  const member = await addFacecam(db, shown, { packId: pack });
  const dullMember = await addFacecam(db, dull, { packId: pack });
  const photoId = await addPhoto(db, [pictureOf(shown, 0.62)], { packId: pack });
  const dullPhoto = await addPhoto(db, [pictureOf(dull, 0.5)], { packId: pack });
  expect(await photosOf(db, member.memberId)).toEqual([photoId]);
  expect(await photosOf(db, dullMember.memberId)).toEqual([]);
  const later = await addFacecam(db, shown, { packId: pack });
  const found = await listMatchesByPhoto(db, photoId, { after: undefined, limit: 10 });
  expect(found.map(({ memberId }) => memberId)).toContain(later.memberId);
  expect(found[0]?.distance).toBeLessThanOrEqual(0.6);
  expect(await photosOf(db, (await addFacecam(db, dull, { packId: pack })).memberId)).not.toContain(dullPhoto);
});

test('a likeness is as long as its facecams are, and lies between them', () => {
  const person = newPerson();
  const selfies = [pictureOf(person, 0.3), pictureOf(person, 0.3), pictureOf(person, 0.3)];
  const likeness = likenessOf(selfies);
  const lengths = selfies.map((selfie) => Math.hypot(...selfie));
  expect(Math.hypot(...likeness)).toBeCloseTo(lengths.reduce((a, b) => a + b, 0) / 3, 5);
  expect(l2Distance(likeness, person)).toBeLessThan(0.25);
  expect(likenessOf(selfies.slice(0, 1))).toBe(selfies[0]);
});

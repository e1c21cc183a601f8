import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fivePointsOf } from './alignment/five-points.ts';
import type { ImageAnalysis } from './analysis/analyse-image.ts';
import { l2Distance } from './distances/distance.ts';
import { type FaceEngine, openFaceEngine } from './face-engine.ts';
import { judgeSelfie } from './selfies/judge-selfie.ts';
import { cutFace, readSample, sampleFaceCounts, testPack } from './testing/test-samples.ts';
import { pairTurned, turnPhoto } from './testing/turned-copies.ts';

const longEdgePx = 1200;
/** Nearer than one stranger in a million comes. */
const samePerson = 0.7;

let engine: FaceEngine;
let photos: Buffer[];
let upright: ImageAnalysis[];

beforeAll(async () => {
  engine = await openFaceEngine({ pack: testPack, threads: 2 });
  photos = await Promise.all(sampleFaceCounts.map((_, i) => readSample(i + 1)));
  upright = await Promise.all(photos.map(async (photo) => engine.analyse(await turnPhoto(photo, 0, longEdgePx))));
});

afterAll(() => engine.close());

async function portraitOf(sample: number, fromLeft: number): Promise<Buffer> {
  const photo = photos[sample - 1] ?? Buffer.alloc(0);
  const { faces } = await engine.analyse(photo);
  const face = faces.toSorted((a, b) => a.box.x - b.box.x)[fromLeft - 1];
  if (!face) throw new Error(`sample ${sample} has no face ${fromLeft}`);
  return cutFace(photo, face.box, 1.8);
}

test('the faces of photos that lie on their side, head or corner are found once each, and are the same people', async () => {
  let [faceCount, foundCount, sameCount, extraCount] = [0, 0, 0, 0];
  for (const deg of [90, 180, 270, 45]) {
    for (const [i, photo] of photos.entries()) {
      const asItWas = upright[i];
      if (!asItWas) throw new Error(`there is no photo ${i}`);
      const turned = await engine.analyse(await turnPhoto(photo, deg, longEdgePx));
      const { pairs, extra } = pairTurned(asItWas, turned, deg);
      faceCount += asItWas.faces.length;
      foundCount += pairs.length;
      sameCount += pairs.filter(
        (pair) => l2Distance(pair.upright.embedding, pair.turned.embedding) < samePerson,
      ).length;
      extraCount += extra;
    }
  }
  expect(faceCount).toBe(88);
  expect(foundCount / faceCount).toBeGreaterThanOrEqual(0.95);
  expect(sameCount / faceCount).toBeGreaterThanOrEqual(0.9);
  expect(extraCount).toBeLessThanOrEqual(1);
}, 240_000);

test('landmarks of a photo on its side are in pixels of the photo as it is stored', async () => {
  const analysis = await engine.analyse(await turnPhoto(photos[5] ?? Buffer.alloc(0), 90, longEdgePx));
  expect(analysis.faces).toHaveLength(4);
  for (const { landmarks, box, quality } of analysis.faces) {
    const { rightEye, leftEye, nose, mouthLeft } = fivePointsOf(landmarks);
    expect(leftEye.y).toBeGreaterThan(rightEye.y);
    expect(mouthLeft.x).toBeLessThan(leftEye.x);
    for (const [value, from, length] of [
      [nose.x, box.x, box.width],
      [nose.y, box.y, box.height],
    ] as const) {
      expect(value).toBeGreaterThan(from);
      expect(value).toBeLessThan(from + length);
    }
    expect(Math.abs(quality.rollDeg - 90)).toBeLessThan(30);
  }
});

test('somebody who lies before people who stand is found with them', async () => {
  const standing = await turnPhoto(photos[5] ?? Buffer.alloc(0), 0, longEdgePx);
  const lying = await sharp(await portraitOf(1, 3))
    .resize(260)
    .rotate(90)
    .toBuffer();
  const { width, height } = await sharp(standing).metadata();
  const photo = await sharp(standing)
    .composite([{ input: lying, left: Math.round(width / 2 - 130), top: height - 270 }])
    .jpeg()
    .toBuffer();
  const { faces } = await engine.analyse(photo);
  expect(faces).toHaveLength(5);
  expect(faces.filter(({ quality }) => Math.abs(quality.rollDeg) > 60)).toHaveLength(1);
});

test.each([90, 180, 270])('a selfie that is stored turned by %i° is taken, and is its owner', async (deg) => {
  const selfie = await portraitOf(6, 4);
  const turned = judgeSelfie(await engine.analyse(await sharp(selfie).rotate(deg).jpeg({ quality: 95 }).toBuffer()));
  const asItWas = judgeSelfie(await engine.analyse(selfie));
  if (!turned.ok || !asItWas.ok) throw new Error(`refused: ${JSON.stringify([turned, asItWas])}`);
  expect(l2Distance(turned.face.embedding, asItWas.face.embedding)).toBeLessThan(0.2);
});

test('a selfie on its side looks as alive as it does upright', async () => {
  const selfie = await portraitOf(6, 4);
  const livenessOf = async (file: Buffer) => {
    const [face] = (await engine.analyse(file)).faces;
    if (!face) throw new Error('no face');
    return engine.scoreLiveness(file, fivePointsOf(face.landmarks));
  };
  const [asItWas, turned] = [
    await livenessOf(selfie),
    await livenessOf(await sharp(selfie).rotate(90).png().toBuffer()),
  ];
  expect(Math.abs(turned.realScore - asItWas.realScore)).toBeLessThan(0.1);
  expect(Math.abs(turned.liveScore - asItWas.liveScore)).toBeLessThan(0.1);
});

test('upright photos cost hardly more than their own looks, and a photo on its side is bounded', async () => {
  const mean = upright.reduce((sum, { passes }) => sum + passes, 0) / upright.length;
  expect(mean).toBeLessThan(2);
  const turned = await engine.analyse(await turnPhoto(photos[5] ?? Buffer.alloc(0), 90, longEdgePx));
  expect(turned.passes).toBeLessThan(15);
});

import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AnalysedFace } from '../analysis/analyse-image.ts';
import { type FaceEngine, openFaceEngine } from '../face-engine.ts';
import { DLIB_PACK_ID } from '../packs/built-in-packs.ts';
import { builtInPlace } from '../packs/open-pack.ts';
import { goodQuality } from '../testing/good-quality.ts';
import { readSample, sampleFaceCounts, testGraphsDir, testPack } from '../testing/test-samples.ts';
import { rateQuality } from './measure-quality.ts';

let engine: FaceEngine;
let portrait: Buffer;
let good: AnalysedFace;

beforeAll(async () => {
  engine = await openFaceEngine({ pack: testPack, threads: 2 });
  portrait = await sharp(await readSample(6))
    .extract({ left: 1370, top: 63, width: 443, height: 680 })
    .png()
    .toBuffer();
  good = await look(portrait);
});

afterAll(() => engine?.close());

async function look(image: Buffer): Promise<AnalysedFace> {
  const { faces } = await engine.analyse(image);
  const [face] = faces;
  if (!face) throw new Error('no face was found');
  return face;
}

const change = (change: (image: Sharp) => Sharp) => change(sharp(portrait)).png().toBuffer();

test('a portrait is of good quality', () => {
  expect(good.quality).toMatchObject({ burntShare: 0, insideShare: 1 });
  expect(good.quality.eyeDistancePx).toBeGreaterThan(90);
  expect(good.quality.quality).toBeGreaterThan(0.9);
});

test('a face is measured alike under both built-in packs, so that what a selfie is refused for does not change with the pack', async () => {
  const other = await openFaceEngine({ pack: builtInPlace(testGraphsDir, DLIB_PACK_ID), threads: 2 });
  try {
    const [face] = (await other.analyse(portrait)).faces;
    expect(face?.quality).toEqual(good.quality);
    expect(face?.embedding).not.toHaveLength(good.embedding.length);
  } finally {
    await other.close();
  }
});

test('a smaller picture has a smaller face, and a head that leans is seen to lean', async () => {
  const small = await look(await change((image) => image.resize(222)));
  expect(small.quality.eyeDistancePx / good.quality.eyeDistancePx).toBeCloseTo(0.5, 1);
  const leaning = await look(await change((image) => image.rotate(20, { background: '#777' })));
  expect(leaning.quality.rollDeg - good.quality.rollDeg).toBeGreaterThan(15);
  expect(leaning.quality.rollDeg - good.quality.rollDeg).toBeLessThan(25);
  expect(Math.abs(leaning.quality.yawDeg - good.quality.yawDeg)).toBeLessThan(8);
});

test('the mirror image looks the other way', async () => {
  const mirrored = await look(await change((image) => image.flop()));
  expect(mirrored.quality.yawDeg).toBeCloseTo(-good.quality.yawDeg, -1);
  expect(Math.sign(mirrored.quality.yawDeg)).toBe(-Math.sign(good.quality.yawDeg));
});

test.each([
  ['blur', 'sharpness', (image: Sharp) => image.blur(3), 0.6],
  ['darkness', 'exposure', (image: Sharp) => image.linear(0.2, 0), 0.7],
  [
    'a third cut off',
    'insideShare',
    (image: Sharp) => image.extract({ left: 0, top: 0, width: 443, height: 340 }),
    0.7,
  ],
] as const)('%s shows in its part and in the quality', async (_what, part, spoil, qualityMax) => {
  const spoilt = await look(await change(spoil));
  expect(spoilt.quality[part]).toBeLessThan(good.quality[part] * 0.9);
  expect(spoilt.quality.quality).toBeLessThan(qualityMax);
});

test('light that burns the face out shows in its part and in the quality', async () => {
  const spoilt = await look(await change((image) => image.linear(2, 0)));
  expect(spoilt.quality.burntShare).toBeGreaterThan(0.3);
  expect(spoilt.quality.quality).toBeLessThan(0.8);
});

test('every face of the samples has a quality, and its parts are numbers', async () => {
  for (let number = 1; number <= sampleFaceCounts.length; number++) {
    const { faces } = await engine.analyse(await readSample(number));
    for (const { quality } of faces) {
      expect(Object.values(quality).every(Number.isFinite)).toBe(true);
      expect(quality.quality).toBeGreaterThan(0.1);
      expect(quality.quality).toBeLessThanOrEqual(1);
    }
  }
});

test('quality is 1 when nothing is wrong, and each thing wrong takes its share of the rest', () => {
  const rate = (parts: object) => rateQuality({ ...goodQuality, ...parts });
  expect(rate({})).toBe(1);
  const wrong = [
    { eyeDistancePx: 15 },
    { sharpness: 0.0006 },
    { exposure: 0.1 },
    { burntShare: 0.5 },
    { insideShare: 0.8 },
  ];
  const turned = [{ yawDeg: -50 }, { yawDeg: 50 }, { pitchDeg: -45 }, { pitchDeg: 45 }];
  for (const parts of [...wrong, ...turned]) {
    expect(rate(parts)).toBeGreaterThan(0.2);
    expect(rate(parts)).toBeLessThan(0.8);
    expect(rate({ ...parts, rollDeg: 60 })).toBe(rate(parts));
  }
  expect(rate({ yawDeg: 50, exposure: 0.1 })).toBeCloseTo(rate({ yawDeg: 50 }) * rate({ exposure: 0.1 }), 10);
  expect(rate({ eyeDistancePx: 0, sharpness: 0 })).toBe(0);
});

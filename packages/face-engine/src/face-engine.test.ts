import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AnalysedFace, ImageAnalysis } from './analysis/analyse-image.ts';
import { mobilefacenetCalibration } from './distances/calibration.ts';
import { l2Distance } from './distances/distance.ts';
import type { FaceEngine } from './face-engine.ts';
import { enginePendingMax, openFaceEngine } from './face-engine.ts';
import { DEFAULT_PACK_ID } from './packs/built-in-packs.ts';
import { builtInPlace } from './packs/open-pack.ts';
import { decodeImage } from './pixels/decode-image.ts';
import { judgeSelfie } from './selfies/judge-selfie.ts';
import { cutFace, readSample, sampleFaceCounts, testPack } from './testing/test-samples.ts';

let engine: FaceEngine;
let photos: Buffer[];
let analyses: ImageAnalysis[];

beforeAll(async () => {
  engine = await openFaceEngine({ pack: testPack, threads: 2 });
  photos = await Promise.all(sampleFaceCounts.map((_, i) => readSample(i + 1)));
  analyses = await Promise.all(photos.map((photo) => engine.analyse(photo)));
});

afterAll(() => engine.close());

function photoOf(sample: number): Buffer {
  const photo = photos[sample - 1];
  if (!photo) throw new Error(`there is no sample ${sample}`);
  return photo;
}

/** The faces of a sample photo from left to right. */
function facesOf(sample: number): AnalysedFace[] {
  return (analyses[sample - 1]?.faces ?? []).toSorted((a, b) => a.box.x - b.box.x);
}

function faceOf(sample: number, fromLeft: number): AnalysedFace {
  const face = facesOf(sample)[fromLeft - 1];
  if (!face) throw new Error(`sample ${sample} has no face ${fromLeft}`);
  return face;
}

function cutSample(sample: number, fromLeft: number, toBox = 1.5): Promise<Buffer> {
  return cutFace(photoOf(sample), faceOf(sample, fromLeft).box, toBox);
}

async function analyseOneFace(file: Buffer): Promise<AnalysedFace> {
  const { faces } = await engine.analyse(file);
  expect(faces).toHaveLength(1);
  const [face] = faces;
  if (!face) throw new Error('no face');
  return face;
}

test('every face of six party photos is found, and nothing else', () => {
  expect(analyses.map(({ faces }) => faces.length)).toEqual(sampleFaceCounts);
});

test('boxes lie inside the picture and landmarks inside the boxes around them', () => {
  for (const { width, height, faces } of analyses) {
    for (const { box, landmarks, embedding } of faces) {
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.y).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      expect(box.y + box.height).toBeLessThanOrEqual(height);
      expect(landmarks.points).toHaveLength(68);
      const nose = landmarks.points[30];
      expect(nose?.x).toBeGreaterThan(box.x);
      expect(nose?.x).toBeLessThan(box.x + box.width);
      expect(nose?.y).toBeGreaterThan(box.y);
      expect(nose?.y).toBeLessThan(box.y + box.height);
      expect(embedding).toHaveLength(192);
      expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
    }
  }
});

const changes: [string, (face: Buffer) => Promise<Buffer>][] = [
  ['halved', (face) => sharp(face).resize(180).jpeg().toBuffer()],
  ['doubled', (face) => sharp(face).resize(800).jpeg().toBuffer()],
  ['darkened', (face) => sharp(face).modulate({ brightness: 0.5 }).jpeg().toBuffer()],
  ['compressed hard', (face) => sharp(face).jpeg({ quality: 20 }).toBuffer()],
  ['mirrored', (face) => sharp(face).flop().jpeg().toBuffer()],
  ['turned by 25°', (face) => sharp(face).rotate(25, { background: 'grey' }).jpeg().toBuffer()],
];

test.each(changes)('a face %s is still the same person, well under the cut', async (_, change) => {
  const selfie = await analyseOneFace(await change(await cutSample(6, 4)));
  expect(l2Distance(selfie.embedding, faceOf(6, 4).embedding)).toBeLessThan(0.3);
});

test('a person is recognised in two photos of different evenings, nearer than one stranger in a million comes', () => {
  expect(l2Distance(faceOf(1, 3).embedding, faceOf(3, 2).embedding)).toBeLessThan(0.79);
});

test.each([1, 2, 4])('different people in sample %i do not match', (sample) => {
  const faces = facesOf(sample);
  for (const [i, face] of faces.entries()) {
    for (const other of faces.slice(i + 1)) {
      expect(l2Distance(face.embedding, other.embedding)).toBeGreaterThan(
        mobilefacenetCalibration.candidateDistanceMax,
      );
    }
  }
});

test('a face that fills the frame is found', async () => {
  for (const fromLeft of [1, 2, 3, 4]) await analyseOneFace(await cutSample(6, fromLeft, 0.75));
});

test('small faces in a very large photo are found', async () => {
  const crowd = await sharp(photoOf(6)).resize(640).toBuffer();
  const field = sharp({ create: { width: 6000, height: 4000, channels: 3, background: '#5a6b4f' } });
  const { faces } = await engine.analyse(
    await field
      .composite([{ input: crowd, left: 2700, top: 1700 }])
      .jpeg()
      .toBuffer(),
  );
  expect(faces).toHaveLength(4);
});

test('a picture without people, however small or narrow, has no face', async () => {
  for (const [width, height] of [
    [1200, 800],
    [1, 1],
    [3000, 2],
  ]) {
    const blank = sharp({ create: { width: width ?? 0, height: height ?? 0, channels: 3, background: '#88aacc' } });
    const analysis = await engine.analyse(await blank.png().toBuffer());
    expect(analysis).toMatchObject({ width, height, faces: [] });
  }
});

test('a photo stored sideways is analysed upright', async () => {
  const sideways = await sharp(photoOf(6)).rotate(90).withMetadata({ orientation: 8 }).jpeg().toBuffer();
  const { width, height, faces } = await engine.analyse(sideways);
  expect([width, height, faces.length]).toEqual([1920, 1537, 4]);
});

test('decoded pixels give the same faces as the file', async () => {
  const detections = await engine.detectFaces(await decodeImage(photoOf(4)));
  expect(detections.map(({ score }) => score)).toEqual(analyses[3]?.faces.map(({ score }) => score));
});

test('a cut-out portrait will do as a selfie, a group photo will not', async () => {
  expect(judgeSelfie(await engine.analyse(await cutSample(1, 3)))).toMatchObject({ ok: true });
  expect(judgeSelfie(await engine.analyse(photoOf(1)))).toEqual({ ok: false, reason: 'many_faces' });
});

test('a blurred, a tiny, a night-dark and a turned-away portrait are refused with their reason', async () => {
  const portrait = await cutSample(6, 4);
  const reasonOf = async (file: Buffer) => judgeSelfie(await engine.analyse(file));
  const blurred = await sharp(portrait).blur(4).jpeg().toBuffer();
  expect(await reasonOf(blurred)).toEqual({ ok: false, reason: 'too_blurry' });
  const tiny = await sharp(portrait).resize(120).jpeg().toBuffer();
  expect(await reasonOf(tiny)).toEqual({ ok: false, reason: 'too_small' });
  const dark = await sharp(await cutSample(6, 2))
    .linear(0.2, 0)
    .jpeg()
    .toBuffer();
  expect(await reasonOf(dark)).toEqual({ ok: false, reason: 'too_dark' });
  expect(await reasonOf(await cutSample(5, 2))).toEqual({ ok: false, reason: 'not_frontal' });
});

test('what is not an image is refused by its content', async () => {
  await expect(engine.analyse(Buffer.from('a text, whatever its name'))).rejects.toMatchObject({
    name: 'InferenceError',
    reason: 'image_unreadable',
  });
});

test('an engine with a full queue says that it is busy, and answers what it took', async () => {
  const notAnImage = Buffer.from('a text');
  const results = await Promise.allSettled(
    Array.from({ length: enginePendingMax + 1 }, () => engine.analyse(notAnImage)),
  );
  const reasons = results.map((result) => (result.status === 'rejected' ? result.reason.reason : 'answered'));
  expect(reasons).toEqual([...Array(enginePendingMax).fill('image_unreadable'), 'engine_busy']);
  expect(engine.pendingCount).toBe(0);
});

test('a closing engine answers what is pending and then refuses', async () => {
  const other = await openFaceEngine({ pack: testPack, threads: 1 });
  const pending = other.analyse(photoOf(6));
  await other.close();
  expect((await pending).faces).toHaveLength(4);
  await expect(other.analyse(photoOf(6))).rejects.toMatchObject({ reason: 'engine_closed' });
});

test('an engine that cannot write its graphs does not open', async () => {
  await expect(openFaceEngine({ pack: builtInPlace('/dev/null/graphs', DEFAULT_PACK_ID), threads: 1 })).rejects.toThrow(
    'ENOTDIR',
  );
});

import { expect, test } from 'vitest';
import type { AnalysedFace, ImageAnalysis } from '../analysis/analyse-image.ts';
import type { Box } from '../pixels/rgb-image.ts';
import type { FaceQuality } from '../quality/measure-quality.ts';
import { goodQuality } from '../testing/good-quality.ts';
import { judgeSelfie, selfieScoreMin } from './judge-selfie.ts';

const image = { width: 800, height: 1000 };
const middle = { x: 280, y: 350, width: 240, height: 300 };

function face(quality: Partial<FaceQuality> = {}, box: Box = middle, score = 0.98): AnalysedFace {
  return {
    box,
    score,
    landmarks: { layout: '5', points: [] },
    embedding: new Float32Array(128),
    luma: new Uint8Array(),
    quality: { ...goodQuality, ...quality },
    isSure: true,
    isSteady: true,
  };
}

function photo(...faces: AnalysedFace[]): ImageAnalysis {
  return { ...image, passes: 1, faces };
}

test('one good face will do, and is the one answered', () => {
  const main = face();
  expect(judgeSelfie(photo(main))).toEqual({ ok: true, face: main });
});

test('a picture without a face is refused', () => {
  expect(judgeSelfie(photo())).toEqual({ ok: false, reason: 'no_face' });
});

test.each([
  ['cut_off', { insideShare: 0.9 }, { insideShare: 0.89 }],
  ['too_small', { eyeDistancePx: 40 }, { eyeDistancePx: 39 }],
  ['too_dark', { exposure: 0.12 }, { exposure: 0.11 }],
  ['too_bright', { exposure: 0.88 }, { exposure: 0.89 }],
  ['too_bright', { burntShare: 0.3 }, { burntShare: 0.31 }],
  ['too_blurry', { sharpness: 0.0012 }, { sharpness: 0.0011 }],
  ['not_frontal', { yawDeg: 32 }, { yawDeg: 33 }],
  ['not_frontal', { yawDeg: -32 }, { yawDeg: -33 }],
  ['not_frontal', { pitchDeg: 30 }, { pitchDeg: 31 }],
  ['not_frontal', { pitchDeg: -30 }, { pitchDeg: -31 }],
])('a selfie is refused for %s outside %o, at %o', (reason, still, beyond) => {
  expect(judgeSelfie(photo(face(still)))).toMatchObject({ ok: true });
  expect(judgeSelfie(photo(face(beyond)))).toEqual({ ok: false, reason });
});

test('a face that may only be asked about is never enrolled, whatever its pose is taken for', () => {
  const unsure = { ...face(), isSure: false };
  expect(judgeSelfie(photo(unsure))).toEqual({ ok: false, reason: 'not_frontal' });
});

test('a face whose features a further look finds elsewhere is not clear', () => {
  expect(judgeSelfie(photo({ ...face(), isSteady: false }))).toEqual({ ok: false, reason: 'not_clear' });
});

test('a head that leans is no fault: it is turned upright', () => {
  expect(judgeSelfie(photo(face({ rollDeg: 45 })))).toMatchObject({ ok: true });
});

test('whom a selfie shows is the large face, however many far smaller ones there are behind it', () => {
  const main = face();
  const passerBy = (x: number) => face({ eyeDistancePx: 30 }, { x, y: 20, width: 80, height: 100 });
  expect(judgeSelfie(photo(passerBy(0), main, passerBy(700)))).toEqual({ ok: true, face: main });
});

test('a second face of more than a third of the size refuses the selfie, however much poorer it is', () => {
  const friend = face({ quality: 0.01, sharpness: 0 }, { x: 600, y: 20, width: 80, height: 101 }, 0.61);
  expect(judgeSelfie(photo(face(), friend))).toEqual({ ok: false, reason: 'many_faces' });
});

test('a large face at the edge of a picture that shows others too refuses the selfie; alone it may be there', () => {
  const passerBy = face({}, { x: 380, y: 450, width: 40, height: 50 });
  const aside = (x: number) => face({}, { x, y: 350, width: 240, height: 300 });
  expect(judgeSelfie(photo(aside(14), passerBy))).toMatchObject({ ok: true });
  expect(judgeSelfie(photo(aside(12), passerBy))).toEqual({ ok: false, reason: 'many_faces' });
  expect(judgeSelfie(photo(aside(560), passerBy))).toEqual({ ok: false, reason: 'many_faces' });
  expect(judgeSelfie(photo(aside(12)))).toMatchObject({ ok: true });
});

test('what the detector doubts is neither the face nor a second one', () => {
  const doubtful = face({}, middle, selfieScoreMin - 0.01);
  expect(judgeSelfie(photo(face(), doubtful))).toMatchObject({ ok: true });
  expect(judgeSelfie(photo(doubtful))).toEqual({ ok: false, reason: 'no_face' });
});

import { expect, test } from 'vitest';
import type { AnalysedFace, ImageAnalysis } from './analyse-image.ts';
import { judgeSelfie, SELFIE_SCORE_MIN } from './judge-selfie.ts';
import type { FaceQuality } from './measure-quality.ts';

const GOOD: FaceQuality = { eyeDistancePx: 120, sharpness: 0.01, exposure: 0.5, frontality: 0.8 };

function face(quality: Partial<FaceQuality> = {}, score = 0.98): AnalysedFace {
  const box = { x: 100, y: 100, width: 240, height: 300 };
  return { box, score, landmarks: [], embedding: new Float32Array(128), quality: { ...GOOD, ...quality } };
}

function photo(...faces: AnalysedFace[]): ImageAnalysis {
  return { width: 800, height: 1000, passes: 1, faces };
}

test('one good face will do, and is the one answered', () => {
  const main = face();
  expect(judgeSelfie(photo(main))).toEqual({ ok: true, face: main });
});

test.each([
  ['no_face', photo()],
  ['many_faces', photo(face(), face())],
  ['too_small', photo(face({ eyeDistancePx: 39 }))],
  ['too_dark', photo(face({ exposure: 0.14 }))],
  ['too_bright', photo(face({ exposure: 0.89 }))],
  ['too_blurry', photo(face({ sharpness: 0.001 }))],
  ['not_frontal', photo(face({ frontality: 0.29 }))],
])('a selfie is refused for %s', (reason, analysis) => {
  expect(judgeSelfie(analysis)).toEqual({ ok: false, reason });
});

test('a second face refuses the selfie however small it is', () => {
  const passerBy = { ...face({ eyeDistancePx: 6 }), box: { x: 0, y: 0, width: 14, height: 18 } };
  expect(judgeSelfie(photo(face(), passerBy))).toEqual({ ok: false, reason: 'many_faces' });
});

test('what the detector doubts is neither the face nor a second one', () => {
  const doubtful = face({}, SELFIE_SCORE_MIN - 0.01);
  expect(judgeSelfie(photo(face(), doubtful))).toMatchObject({ ok: true });
  expect(judgeSelfie(photo(doubtful))).toEqual({ ok: false, reason: 'no_face' });
});

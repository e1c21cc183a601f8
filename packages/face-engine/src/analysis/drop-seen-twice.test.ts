import { expect, test } from 'vitest';
import { goodQuality } from '../testing/good-quality.ts';
import type { AnalysedFace } from './analyse-image.ts';
import { dropSeenTwice } from './drop-seen-twice.ts';

/** A face whose eyes are 20 px apart. */
function faceAt(x: number, score: number): AnalysedFace {
  const points = [
    { x: x - 10, y: 50 },
    { x: x + 10, y: 50 },
    { x, y: 60 },
    { x: x - 8, y: 70 },
    { x: x + 8, y: 70 },
  ];
  const box = { x: x - 20, y: 30, width: 40, height: 50 };
  const quality = { ...goodQuality, eyeDistancePx: 20 };
  const vectors = { embedding: new Float32Array(8), luma: new Uint8Array() };
  return { box, score, landmarks: { layout: '5', points }, ...vectors, quality, isSure: true, isSteady: true };
}

test('a face whose landmarks lie on another one is that one: the better score stays', () => {
  const faces = [faceAt(100, 0.99), faceAt(104, 0.87), faceAt(300, 0.8)];
  expect(dropSeenTwice(faces)).toEqual([faces[0], faces[2]]);
});

test('two people cheek to cheek are two', () => {
  const faces = [faceAt(100, 0.99), faceAt(114, 0.9)];
  expect(dropSeenTwice(faces)).toEqual(faces);
});

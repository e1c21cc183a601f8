import type { AnalysedFace } from '@kilas/face-engine/analysis/analyse-image.ts';
import { expect, test } from 'vitest';
import { middleFace } from './measure-faces.ts';

function face(x: number, y: number, side: number): AnalysedFace {
  const quality = { eyeDistancePx: 30, sharpness: 1, exposure: 1, burntShare: 0, insideShare: 1, quality: 1 };
  const pose = { yawDeg: 0, pitchDeg: 0, rollDeg: 0 };
  const box = { x: x - side / 2, y: y - side / 2, width: side, height: side };
  return {
    box,
    score: 1,
    isSure: true,
    isSteady: true,
    landmarks: { layout: '5', points: [] },
    embedding: new Float32Array(1),
    luma: new Uint8Array(),
    quality: { ...pose, ...quality },
  };
}

test('a portrait is of the face nearest to its middle, and of the larger one of two', () => {
  const picture = (faces: AnalysedFace[]) => middleFace({ width: 250, height: 250, passes: 1, faces });
  const [middle, large, aside] = [face(130, 125, 40), face(120, 125, 60), face(40, 40, 120)];
  expect(picture([aside, middle])).toBe(middle);
  expect(picture([aside, middle, large])).toBe(large);
  expect(picture([])).toBeUndefined();
});

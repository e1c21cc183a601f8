import { normalisedDistance } from '@kilas/ai/distances/normalised-distance.ts';
import { beyond, likenessOf, newPerson } from '@kilas/ai/testing/synthetic-faces.ts';
import type { AnalysedFace } from '@kilas/face-engine/analysis/analyse-image.ts';
import { mobilefacenetCalibration as calibration } from '@kilas/face-engine/distances/calibration.ts';
import { goodQuality } from '@kilas/face-engine/testing/good-quality.ts';
import { expect, test } from 'vitest';
import { explainPairs } from './explain-photo.ts';

function faceOf(embedding: Float32Array, isSure = true): AnalysedFace {
  const box = { x: 0, y: 0, width: 50, height: 50 };
  const landmarks = { layout: '68', points: [] } as const;
  return {
    box,
    score: 0.9,
    landmarks,
    embedding,
    luma: new Uint8Array(),
    quality: goodQuality,
    isSure,
    isSteady: true,
  };
}

test('a face that may not decide is asked about where one that may is shown', () => {
  const person = newPerson();
  const sure = faceOf(likenessOf(person, 0.3));
  const unsure = faceOf(likenessOf(person, 0.4), false);
  const stranger = faceOf(newPerson(), false);
  const pairs = explainPairs(
    { faces: [stranger, unsure, sure] },
    { embedding: person },
    { calibration, typical: undefined },
  );
  expect(pairs.map(({ face }) => face)).toEqual([sure, unsure, stranger]);
  expect(pairs.map(({ shown }) => shown)).toEqual([
    ['yes', 'yes', 'yes'],
    ['asked', 'asked', 'asked'],
    ['no', 'no', 'no'],
  ]);
});

test('the distance is the one that the service matches by', () => {
  const [a, b] = [newPerson(), newPerson()];
  const typical = { embedding: beyond(a, b, 0.5), usualDistance: 1 };
  const [pair] = explainPairs({ faces: [faceOf(a)] }, { embedding: b }, { calibration, typical });
  expect(pair?.distance).toBe(normalisedDistance(a, b, typical));
  expect(pair?.distance).toBeGreaterThan(normalisedDistance(a, b, undefined));
});

import { expect, test } from 'vitest';
import { type Face, pictureSide } from './find-faces.ts';
import { type Frame, type Hint, judgeFrame } from './judge-frame.ts';

function frameOf(luma: number, size = { width: 720, height: 1280 }): Frame {
  return { rgba: new Uint8ClampedArray(pictureSide * pictureSide * 4).fill(luma * 255), ...size };
}

/** A face in the middle that looks into the camera. */
const frontal: Face = {
  score: 0.9,
  left: 0.35,
  top: 0.3,
  width: 0.3,
  height: 0.3,
  eyes: [
    { x: 0.43, y: 0.4 },
    { x: 0.57, y: 0.4 },
  ],
  nose: { x: 0.5, y: 0.48 },
  mouth: { x: 0.5, y: 0.54 },
};

const moved = (face: Face, x: number, y: number, scale = 1): Face => {
  const point = (at: { x: number; y: number }) => ({
    x: 0.5 + (at.x - 0.5) * scale + x,
    y: 0.45 + (at.y - 0.45) * scale + y,
  });
  const corner = point({ x: face.left, y: face.top });
  return {
    ...face,
    left: corner.x,
    top: corner.y,
    width: face.width * scale,
    height: face.height * scale,
    eyes: [point(face.eyes[0]), point(face.eyes[1])],
    nose: point(face.nose),
    mouth: point(face.mouth),
  };
};

const cases: readonly [string, Hint, Frame, readonly Face[] | undefined][] = [
  ['one frontal face in good light', 'good', frameOf(0.5), [frontal]],
  ['a dark picture', 'dark', frameOf(0.1), [frontal]],
  ['a dark picture without a face', 'dark', frameOf(0.1), []],
  ['a glaring picture', 'bright', frameOf(0.95), [frontal]],
  ['nobody', 'nobody', frameOf(0.5), []],
  ['a second face of the same size', 'many', frameOf(0.5), [frontal, moved(frontal, 0.1, 0.3)]],
  ['a passer-by', 'good', frameOf(0.5), [frontal, moved(frontal, 0.1, 0.3, 0.2)]],
  ['a face far away', 'closer', frameOf(0.5), [moved(frontal, 0, 0, 0.2)]],
  ['a face that fills the picture', 'back', frameOf(0.5), [moved(frontal, 0, 0, 1.7)]],
  ['a face at the edge of an upright picture', 'middle', frameOf(0.5), [moved(frontal, 0.15, 0)]],
  ['a head that is turned aside', 'look', frameOf(0.5), [{ ...frontal, nose: { x: 0.56, y: 0.48 } }]],
  ['a head that looks up', 'look', frameOf(0.5), [{ ...frontal, nose: { x: 0.5, y: 0.42 } }]],
  ['good light where no detector works', 'good', frameOf(0.5), undefined],
  ['too little light where no detector works', 'dark', frameOf(0.1), undefined],
];

test.each(cases)('%s: %s', (_, hint, frame, faces) => {
  expect(judgeFrame(frame, faces)).toBe(hint);
});

import { expect, test } from 'vitest';
import type { FivePoints } from '../alignment/five-points.ts';
import type { Point } from '../pixels/rgb-image.ts';
import { estimatePose } from './estimate-pose.ts';

const eyeDistancePx = 100;

/** The picture of a head turned by so many degrees, far away: x to the right, y down. */
function view({ yaw = 0, pitch = 0, roll = 0 }): FivePoints {
  const [a, b, c] = [yaw, pitch, roll].map((degrees) => (degrees * Math.PI) / 180) as [number, number, number];
  const turn = (x: number, y: number, z: number): Point => {
    const nodded = { y: y * Math.cos(b) + z * Math.sin(b), z: z * Math.cos(b) - y * Math.sin(b) };
    const turned = { x: x * Math.cos(a) - nodded.z * Math.sin(a), y: nodded.y };
    return {
      x: 500 + eyeDistancePx * (turned.x * Math.cos(c) - turned.y * Math.sin(c)),
      y: 400 + eyeDistancePx * (turned.x * Math.sin(c) + turned.y * Math.cos(c)),
    };
  };
  return {
    rightEye: turn(-0.5, 0, 0),
    leftEye: turn(0.5, 0, 0),
    nose: turn(0, 0.65, -0.636),
    mouthRight: turn(-0.39, 1.105, -0.13),
    mouthLeft: turn(0.39, 1.105, -0.13),
  };
}

test.each([
  {},
  { yaw: 30 },
  { yaw: -50 },
  { pitch: 25 },
  { pitch: -25 },
  { roll: 70 },
  { yaw: 20, pitch: -10, roll: -15 },
])('a head turned by %o is seen as such', (turned) => {
  const { yawDeg, pitchDeg, rollDeg } = estimatePose(view(turned));
  const { yaw = 0, pitch = 0, roll = 0 } = turned;
  expect(yawDeg).toBeCloseTo(yaw, 5);
  expect(pitchDeg).toBeCloseTo(pitch, 5);
  expect(rollDeg).toBeCloseTo(roll, 5);
});

test('a nose to the right of the picture is a head that looks there, a nose up one that looks up', () => {
  const straight = view({});
  const { x, y } = straight.nose;
  expect(estimatePose({ ...straight, nose: { x: x + 15, y } }).yawDeg).toBeGreaterThan(10);
  expect(estimatePose({ ...straight, nose: { x, y: y - 15 } }).pitchDeg).toBeGreaterThan(10);
});

test('points that all lie in one place have a pose of numbers', () => {
  const at = { x: 3, y: 3 };
  const nowhere = { rightEye: at, leftEye: at, nose: at, mouthRight: at, mouthLeft: at };
  expect(Object.values(estimatePose(nowhere)).every(Number.isFinite)).toBe(true);
});

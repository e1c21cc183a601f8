import type { FivePoints } from '../alignment/five-points.ts';
import { meanPoint } from '../pixels/similarity-transform.ts';

/**
 * Where a head is turned, in degrees, 0 for one that looks into the camera: `yaw` to the picture's right, `pitch` upwards,
 * `roll` clockwise.
 */
export type Pose = { yawDeg: number; pitchDeg: number; rollDeg: number };

type Vector = readonly [number, number, number];

/**
 * The five points of a head that looks into the camera: x to the picture's right, y down, z away from the camera, one unit
 * between the eyes. Source: MediaPipe's canonical face model, the nose lowered (0.595) until 49 portraits looked ahead in the median.
 */
const HEAD: readonly Vector[] = centred([
  [-0.5, 0, 0],
  [0.5, 0, 0],
  [0, 0.65, -0.636],
  [-0.39, 1.105, -0.13],
  [0.39, 1.105, -0.13],
]);

const inverseSpread = invertSpread(HEAD);

/** Any ten degrees of error are usual: noses differ. Five points far away lie as a parallel projection shows them. */
export function estimatePose(face: FivePoints): Pose {
  const points = [face.rightEye, face.leftEye, face.nose, face.mouthRight, face.mouthLeft];
  const mean = meanPoint(points);
  const across = unit(solve(points.map(({ x }) => x - mean.x)));
  const skewed = solve(points.map(({ y }) => y - mean.y));
  const down = unit(add(skewed, across, -dot(skewed, across)));
  const away = cross(across, down);
  return {
    yawDeg: degrees(Math.asin(Math.min(Math.max(away[0], -1), 1))),
    pitchDeg: degrees(-Math.atan2(away[1], away[2])),
    rollDeg: degrees(Math.atan2(down[0], across[0])),
  };
}

/** The row of the projection that brings the head's points nearest to these coordinates (least squares). */
function solve(coordinates: readonly number[]): Vector {
  const moments = HEAD.reduce<Vector>((sum, point, i) => add(sum, point, coordinates[i] ?? 0), [0, 0, 0]);
  return [dot(inverseSpread[0], moments), dot(inverseSpread[1], moments), dot(inverseSpread[2], moments)];
}

function centred(points: readonly Vector[]): Vector[] {
  const mean = points.reduce<Vector>((sum, point) => add(sum, point, 1 / points.length), [0, 0, 0]);
  return points.map((point) => add(point, mean, -1));
}

/** The inverse of the symmetric matrix of the points' second moments. */
function invertSpread(points: readonly Vector[]): readonly [Vector, Vector, Vector] {
  const row = (axis: 0 | 1 | 2) => points.reduce<Vector>((sum, point) => add(sum, point, point[axis]), [0, 0, 0]);
  const [a, b, c] = [row(0), row(1), row(2)];
  const determinant = dot(a, cross(b, c));
  const scaled = (vector: Vector) => add([0, 0, 0], vector, 1 / determinant);
  return [scaled(cross(b, c)), scaled(cross(c, a)), scaled(cross(a, b))];
}

function unit(vector: Vector): Vector {
  return add([0, 0, 0], vector, 1 / (Math.hypot(...vector) || 1));
}

function add(vector: Vector, other: Vector, factor: number): Vector {
  return [vector[0] + other[0] * factor, vector[1] + other[1] * factor, vector[2] + other[2] * factor];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}

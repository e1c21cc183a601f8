import { Tensor } from 'onnxruntime-node';
import { LANDMARK_INPUT_PX, landmarkCount } from '../graphs/build-landmark-graph.ts';
import type { FacePatch } from '../pixels/face-patch.ts';
import { patchToBox } from '../pixels/face-patch.ts';
import { type Box, boxAround, type Point } from '../pixels/rgb-image.ts';
import type { Similarity } from '../pixels/similarity-transform.ts';
import { applySimilarity, meanPoint } from '../pixels/similarity-transform.ts';
import { cosSin } from '../pixels/turn.ts';
import { warpImage } from '../pixels/warp-image.ts';
import type { LandmarkLocator, LocatedLandmarks } from './face-pack.ts';
import { floatsOf, type ModelSession, openModelSession } from './model-session.ts';
import { joinPixels } from './pixel-tensor.ts';

/** Measured: a first look at the detector's box, then one at the upright square around the points found. */
const firstLookToBox = 1.15;
const secondLookToPoints = 1.2;

/** Of 22 faces that stand upright 21 stay within both, of those that lie on their side or head one in five. */
const settledTurnMax = (12 * Math.PI) / 180;
const settledSizeMin = 0.7;

/**
 * By so much, in eye distances, a further look may move the points (root mean square). Of the portraits that make a selfie it moves none by more than
 * 0.048; of faces that a letter of the watermark lies on, mostly by 0.06 and more. Measured: docs/selfies.md.
 */
const steadyDriftMax = 0.05;

const inputBytes = LANDMARK_INPUT_PX * LANDMARK_INPUT_PX * 3;

/**
 * The built-in landmark net. Looks twice, the second time at the face turned upright: with one look, an image turned by 20°
 * moves its own embedding by 0.18, with two by 0.08.
 */
export class SixtyEightPoints implements LandmarkLocator {
  readonly #session: ModelSession;

  static async open(file: string, threads: number): Promise<SixtyEightPoints> {
    return new SixtyEightPoints(await openModelSession(file, threads));
  }

  constructor(session: ModelSession) {
    this.#session = session;
  }

  async locate(patches: readonly FacePatch[]): Promise<LocatedLandmarks[]> {
    const rough = await this.#look(patches, patches.map(cropBox));
    const points = await this.#look(patches, rough.map(cropUpright));
    const drifts = await this.#drifts(patches, rough, points);
    return points.map((found, i) => ({
      landmarks: { layout: '68', points: found },
      isSettled: areSettled(rough[i] ?? [], found),
      isSteady: (drifts[i] ?? 0) <= steadyDriftMax,
    }));
  }

  /** How far the last look moved the points of each patch: the second one, and where that was far, a third one. */
  async #drifts(
    patches: readonly FacePatch[],
    rough: readonly Point[][],
    points: readonly Point[][],
  ): Promise<number[]> {
    const drifts = points.map((found, i) => driftOf(rough[i] ?? [], found));
    const doubtful = patches.flatMap((patch, i) => {
      const found = points[i];
      return found === undefined || (drifts[i] ?? 0) <= steadyDriftMax ? [] : [{ patch, found, i }];
    });
    const again = await this.#look(
      doubtful.map(({ patch }) => patch),
      doubtful.map(({ found }) => cropUpright(found)),
    );
    for (const [at, { found, i }] of doubtful.entries()) drifts[i] = driftOf(found, again[at] ?? []);
    return drifts;
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /** Each crop is the similarity from the net's input to the patch. */
  async #look(patches: readonly FacePatch[], crops: readonly Similarity[]): Promise<Point[][]> {
    if (patches.length === 0) return [];
    const inputs = patches.flatMap(({ pixels }, i) => {
      const crop = crops[i];
      return crop ? [{ data: warpImage(pixels, crop, LANDMARK_INPUT_PX) }] : [];
    });
    const shape = [inputs.length, LANDMARK_INPUT_PX, LANDMARK_INPUT_PX, 3];
    const outputs = await this.#session.run(new Tensor('uint8', joinPixels(inputs, inputBytes), shape));
    const values = floatsOf(outputs, 'points', inputs.length * landmarkCount * 2);
    return crops.map((crop, face) =>
      Array.from({ length: landmarkCount }, (_, i) => {
        const at = (face * landmarkCount + i) * 2;
        const x = (values[at] ?? 0) * LANDMARK_INPUT_PX;
        const y = (values[at + 1] ?? 0) * LANDMARK_INPUT_PX;
        return applySimilarity(crop, { x, y });
      }),
    );
  }
}

/** The square around the box, turned as the face is. */
function cropBox({ pixels, turnDeg }: FacePatch): Similarity {
  const scale = ((pixels.width / patchToBox) * firstLookToBox) / LANDMARK_INPUT_PX;
  const [cos, sin] = cosSin(turnDeg);
  const [a, b] = [cos * scale, sin * scale];
  const half = LANDMARK_INPUT_PX / 2;
  return { a, b, tx: pixels.width / 2 - (a - b) * half, ty: pixels.height / 2 - (b + a) * half };
}

/** Whether the second look, at the face stood upright by the first, says about the same: of a face that is turned otherwise it does not. */
function areSettled(rough: readonly Point[], found: readonly Point[]): boolean {
  const angle = eyeAngle(rough);
  const sizeOf = ({ width, height }: Box) => Math.max(width, height);
  const moved = eyeAngle(found.map((point) => applySimilarity(turnBy(-angle), point)));
  const shrunk = sizeOf(levelBox(found, angle)) / sizeOf(levelBox(rough, angle));
  return Math.abs(moved) <= settledTurnMax && shrunk >= settledSizeMin;
}

/** Root mean square of what each point moved by, in eye distances. */
function driftOf(before: readonly Point[], after: readonly Point[]): number {
  const squares = after.map(({ x, y }, i) => (x - (before[i]?.x ?? 0)) ** 2 + (y - (before[i]?.y ?? 0)) ** 2);
  const [rightEye, leftEye] = eyesOf(after);
  const eyeDistance = Math.hypot(leftEye.x - rightEye.x, leftEye.y - rightEye.y);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / after.length) / eyeDistance;
}

/** The square around the points with the line between the eyes level. */
function cropUpright(landmarks: readonly Point[]): Similarity {
  const angle = eyeAngle(landmarks);
  const { x, y, width, height } = levelBox(landmarks, angle);
  const size = Math.max(width, height) * secondLookToPoints;
  const back = turnBy(angle);
  const corner = applySimilarity(back, { x: x + (width - size) / 2, y: y + (height - size) / 2 });
  const scale = size / LANDMARK_INPUT_PX;
  return { a: back.a * scale, b: back.b * scale, tx: corner.x, ty: corner.y };
}

/** Of the line between the eyes, clockwise, in radians. */
function eyeAngle(landmarks: readonly Point[]): number {
  const [rightEye, leftEye] = eyesOf(landmarks);
  return Math.atan2(leftEye.y - rightEye.y, leftEye.x - rightEye.x);
}

/** The centres of the right and the left one. */
function eyesOf(landmarks: readonly Point[]): [Point, Point] {
  return [meanPoint(landmarks.slice(36, 42)), meanPoint(landmarks.slice(42, 48))];
}

/** Around the points when they are turned back by an angle. */
function levelBox(landmarks: readonly Point[], angle: number): Box {
  return boxAround(landmarks.map((point) => applySimilarity(turnBy(-angle), point)));
}

function turnBy(angle: number): Similarity {
  return { a: Math.cos(angle), b: Math.sin(angle), tx: 0, ty: 0 };
}

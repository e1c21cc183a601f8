import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import {
  type FaceDetection,
  FaceLandmark68Net,
  FaceRecognitionNet,
  SsdMobilenetv1,
  SsdMobilenetv1Options,
} from '@vladmandic/face-api/dist/face-api.node-wasm.js';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { l2Distance } from '../distances/distance.ts';
import type { Box } from '../pixels/rgb-image.ts';
import { readSample, testGraphsDir } from '../testing/test-samples.ts';
import { DLIB_PACK_ID, dlibManifest } from './built-in-packs.ts';
import { ensureGraphs } from './ensure-graphs.ts';
import { SsdDetector } from './ssd-detector.ts';

const require = createRequire(import.meta.url);
const VIEW_PX = 512;
const chipPx = 150;
const landmarkPx = 112;
const landmarkCount = 68;
const scoreMin = 0.5;
/** The library's own, above which two boxes are one face. */
const sameFaceOverlap = 0.5;

/** Left, top, right, bottom in pixels. */
type Corners = [number, number, number, number];
interface Found {
  readonly score: number;
  readonly corners: Corners;
}

/** The same pixels for both: RGB bytes of a square. */
interface Square {
  readonly pixels: Buffer;
  readonly sizePx: number;
}

const library = {
  detector: new SsdMobilenetv1(),
  landmarks: new FaceLandmark68Net(),
  embedder: new FaceRecognitionNet(),
};
let graphs: Record<'landmarks' | 'embedder', InferenceSession>;
let detector: SsdDetector;
let photos: { view: Square; faces: Found[] }[];

beforeAll(async () => {
  setWasmPaths(`${path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  await tf.setBackend('wasm');
  await tf.ready();
  const weights = path.join(path.dirname(require.resolve('@vladmandic/face-api/package.json')), 'model');
  for (const net of Object.values(library)) await net.loadFromDisk(weights);
  const files = await ensureGraphs(testGraphsDir, DLIB_PACK_ID);
  graphs = {
    landmarks: await InferenceSession.create(files.landmarks),
    embedder: await InferenceSession.create(files.embedder),
  };
  const { detector: manifest } = dlibManifest;
  if (manifest.kind !== 'ssd-mobilenet') throw new Error('another detector');
  detector = await SsdDetector.open(path.dirname(files.detector), manifest, 2);
  photos = [];
  for (let sample = 1; sample <= 6; sample++) {
    const fitted = sharp(await readSample(sample)).resize(VIEW_PX, VIEW_PX, { fit: 'contain', position: 'left top' });
    const view = { pixels: await fitted.raw().toBuffer(), sizePx: VIEW_PX };
    photos.push({ view, faces: await detectByLibrary(view) });
  }
}, 120_000);

afterAll(async () => {
  for (const session of Object.values(graphs ?? {})) await session.release();
  await detector?.close();
  for (const net of Object.values(library)) net.dispose();
});

async function onTensor<Result>({ pixels, sizePx }: Square, run: (tensor: tf.Tensor3D) => Promise<Result>) {
  const tensor = tf.tensor3d(new Uint8Array(pixels), [sizePx, sizePx, 3], 'int32');
  try {
    return await run(tensor);
  } finally {
    tensor.dispose();
  }
}

async function runGraph(session: InferenceSession, { pixels, sizePx }: Square): Promise<Record<string, Float32Array>> {
  const outputs = await session.run({ pixels: new Tensor('uint8', new Uint8Array(pixels), [1, sizePx, sizePx, 3]) });
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => {
      if (!(data instanceof Float32Array)) throw new Error(`${name} holds no floats`);
      return [name, data];
    }),
  );
}

async function detectByLibrary(view: Square): Promise<Found[]> {
  const options = new SsdMobilenetv1Options({ minConfidence: scoreMin, maxResults: 200 });
  const found: FaceDetection[] = await onTensor(view, (tensor) => library.detector.locateFaces(tensor, options));
  return found.map(({ score, box }) => ({ score, corners: [box.left, box.top, box.right, box.bottom] }));
}

/** Every box of the graph above the score, overlapping ones too. */
async function detectByGraph(view: Square): Promise<Found[]> {
  const picture = { data: view.pixels, width: view.sizePx, height: view.sizePx };
  const [found = []] = await detector.detect([picture]);
  return found
    .filter(({ score }) => score >= scoreMin)
    .map(({ score, box }) => ({ score, corners: [box.x, box.y, box.x + box.width, box.y + box.height] }));
}

const logit = (score: number) => Math.log(score / (1 - score));
const farthestCorner = (a: Corners, b: Corners) => Math.max(...a.map((side, i) => Math.abs(side - (b[i] ?? 0))));

function overlapOf(a: Corners, b: Corners): number {
  const width = Math.max(Math.min(a[2], b[2]) - Math.max(a[0], b[0]), 0);
  const height = Math.max(Math.min(a[3], b[3]) - Math.max(a[1], b[1]), 0);
  const area = ([left, top, right, bottom]: Corners) => (right - left) * (bottom - top);
  return (width * height) / (area(a) + area(b) - width * height);
}

/** A square around each face that the library finds, at the size that a net wants. */
async function cutFaces(sizePx: number): Promise<Square[]> {
  const squares: Square[] = [];
  for (const { view, faces } of photos) {
    for (const { corners } of faces) {
      const [left, top, right, bottom] = corners.map((side) => Math.min(Math.max(Math.round(side), 0), VIEW_PX - 1));
      if (left === undefined || top === undefined || right === undefined || bottom === undefined) continue;
      const raw = { width: VIEW_PX, height: VIEW_PX, channels: 3 } as const;
      const cut = sharp(view.pixels, { raw }).extract({ left, top, width: right - left, height: bottom - top });
      squares.push({ pixels: await cut.resize(sizePx, sizePx, { fit: 'fill' }).raw().toBuffer(), sizePx });
    }
  }
  return squares;
}

test('the detector’s boxes are the library’s to less than a pixel, and no others', async () => {
  let farthest = 0;
  let largestScoreGap = 0;
  let count = 0;
  for (const { view, faces } of photos) {
    const found = await detectByGraph(view);
    for (const face of faces) {
      const same = found.toSorted(
        (a, b) => farthestCorner(a.corners, face.corners) - farthestCorner(b.corners, face.corners),
      );
      const nearest = same[0];
      if (!nearest) throw new Error('the graph finds no face');
      farthest = Math.max(farthest, farthestCorner(nearest.corners, face.corners));
      largestScoreGap = Math.max(largestScoreGap, Math.abs(nearest.score - face.score));
      count++;
    }
    for (const { corners } of found)
      expect(faces.some((face) => overlapOf(face.corners, corners) > sameFaceOverlap)).toBe(true);
  }
  process.stdout.write(
    `detector: ${count} faces, corners differ by ${farthest.toExponential(1)} px at most, scores by ${largestScoreGap.toExponential(1)}\n`,
  );
  expect(count).toBeGreaterThanOrEqual(18);
  expect(farthest).toBeLessThan(1);
  expect(largestScoreGap).toBeLessThan(1e-3);
});

test('the scan sees what the exact detector sees', async () => {
  let squares = 0;
  let farthest = 0;
  let count = 0;
  for (const { view } of photos) {
    const picture = { data: view.pixels, width: view.sizePx, height: view.sizePx };
    const [[exact = []], [quick = []]] = [await detector.detect([picture]), await detector.scan([picture])];
    for (const face of exact.filter(({ score }) => score >= scoreMin)) {
      const corners = (box: Box): Corners => [box.x, box.y, box.x + box.width, box.y + box.height];
      const gapTo = (box: Box) => farthestCorner(corners(box), corners(face.box));
      const [nearest] = quick.toSorted((a, b) => gapTo(a.box) - gapTo(b.box));
      if (!nearest) throw new Error('the scan finds no face');
      farthest = Math.max(farthest, gapTo(nearest.box) / Math.max(face.box.width, face.box.height));
      squares += (logit(nearest.score) - logit(face.score)) ** 2;
      count++;
    }
  }
  const gap = Math.sqrt(squares / count);
  process.stdout.write(
    `scan: ${count} boxes, logits differ by ${gap.toFixed(2)} (root mean square), corners by ${(100 * farthest).toFixed(1)} % of the face at most\n`,
  );
  expect(count).toBeGreaterThanOrEqual(40);
  expect(gap).toBeLessThan(0.5);
  expect(farthest).toBeLessThan(0.1);
});

test('the 68 landmarks are the library’s to less than a pixel', async () => {
  let farthest = 0;
  const faces = await cutFaces(landmarkPx);
  for (const face of faces) {
    const { points } = await runGraph(graphs.landmarks, face);
    const located = await onTensor(face, (tensor) => library.landmarks.detectLandmarks(tensor));
    const [landmarks] = Array.isArray(located) ? located : [located];
    expect(landmarks?.positions).toHaveLength(landmarkCount);
    for (const [i, { x, y }] of (landmarks?.positions ?? []).entries()) {
      const [graphX = Number.NaN, graphY = Number.NaN] = points?.subarray(2 * i, 2 * i + 2) ?? [];
      farthest = Math.max(farthest, Math.hypot(graphX * landmarkPx - x, graphY * landmarkPx - y));
    }
  }
  process.stdout.write(`landmarks: ${faces.length} faces, points differ by ${farthest.toExponential(1)} px at most\n`);
  expect(faces.length).toBeGreaterThanOrEqual(18);
  expect(farthest).toBeLessThan(1);
});

test('embeddings are the library’s to less than a thousandth', async () => {
  let farthest = 0;
  const chips = await cutFaces(chipPx);
  for (const chip of chips) {
    const { embeddings } = await runGraph(graphs.embedder, chip);
    const described = await onTensor(chip, (tensor) => library.embedder.computeFaceDescriptor(tensor));
    const [descriptor] = Array.isArray(described) ? described : [described];
    if (!embeddings || !descriptor) throw new Error('no embedding');
    farthest = Math.max(farthest, l2Distance(embeddings, descriptor));
  }
  process.stdout.write(`embedder: ${chips.length} chips, embeddings differ by ${farthest.toExponential(2)} at most\n`);
  expect(chips.length).toBeGreaterThanOrEqual(18);
  expect(farthest).toBeLessThan(1e-3);
});

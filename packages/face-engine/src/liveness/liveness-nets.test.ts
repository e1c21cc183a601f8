import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { modelsFolder } from '../graphs/read-graph-model.ts';
import { decodeImage } from '../pixels/decode-image.ts';
import type { RgbImage } from '../pixels/rgb-image.ts';
import { readSample } from '../testing/test-samples.ts';
import { type Eyes, faceCropPx, squareAround } from './crop-for-liveness.ts';
import { type LivenessNets, openLivenessNets, scoreNets } from './liveness-nets.ts';

/** Eyes of three people in sample 6, and of a face that a corner of the picture cuts; the crop needs no more. */
const eyes = [
  { rightEye: { x: 701, y: 331 }, leftEye: { x: 788, y: 316 } },
  { rightEye: { x: 1523.5, y: 262.25 }, leftEye: { x: 1620.5, y: 280 } },
  { rightEye: { x: 30, y: 40 }, leftEye: { x: 90, y: 45 } },
];
const scoresPath = z.object({
  modelTopology: z.looseObject({}),
  weightsManifest: z.array(z.object({ paths: z.array(z.string()), weights: z.array(z.any()) })),
});

let nets: LivenessNets;
let image: RgbImage;
let library: Record<keyof typeof scoreNets, tf.GraphModel>;

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${path.dirname(wasm)}/`);
  await tf.setBackend('wasm');
  nets = await openLivenessNets();
  image = await decodeImage(await readSample(6));
  library = { antispoof: await loadOriginal('antispoof'), liveness: await loadOriginal('liveness') };
});

afterAll(() => nets?.close());

async function loadOriginal(name: keyof typeof scoreNets): Promise<tf.GraphModel> {
  const file = (ending: string) => readFile(path.join(modelsFolder(), `${name}.${ending}`));
  const { modelTopology, weightsManifest } = scoresPath.parse(JSON.parse((await file('json')).toString()));
  const weightData = new Uint8Array(await file('bin')).buffer;
  return tf.loadGraphModel({
    load: async () => ({ modelTopology, weightSpecs: weightsManifest.flatMap(({ weights }) => weights), weightData }),
  });
}

/** As the library's own code crops, scales and asks. */
function scoreByLibrary(name: keyof typeof scoreNets, face: Eyes): number {
  const { left, top, sizePx } = squareAround(face);
  const { width, height, data } = image;
  const { sizePx: netPx } = scoreNets[name];
  const box = [[top / height, left / width, (top + sizePx) / height, (left + sizePx) / width]];
  return tf.tidy(() => {
    const pixels = tf.tensor4d(data, [1, height, width, 3], 'float32');
    const crop = tf.div<tf.Tensor4D>(tf.image.cropAndResize(pixels, box, [0], [faceCropPx, faceCropPx]), 255);
    const scores = library[name].execute(tf.image.resizeBilinear(crop, [netPx, netPx], false));
    return (scores instanceof tf.Tensor ? scores.dataSync()[0] : undefined) ?? Number.NaN;
  });
}

test.each(eyes)('the scores are those of the library on the same pixels (%#)', async (face) => {
  const { realScore, liveScore } = await nets.score(image, face);
  expect(Math.abs(realScore - scoreByLibrary('antispoof', face))).toBeLessThan(1e-4);
  expect(Math.abs(liveScore - scoreByLibrary('liveness', face))).toBeLessThan(1e-4);
});

test('different faces have different scores, all of them shares', async () => {
  const scores = await Promise.all(eyes.map((face) => nets.score(image, face)));
  const values = scores.flatMap(({ realScore, liveScore }) => [realScore, liveScore]);
  expect(new Set(values).size).toBe(values.length);
  expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
});

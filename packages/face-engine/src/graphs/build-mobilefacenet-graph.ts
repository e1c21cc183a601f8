import type { OnnxGraph } from './onnx-graph.ts';
import { addConv, addPixelInput, addStep, encodeOnnxGraph, markOutput, newOnnxGraph } from './onnx-graph.ts';
import type { Weight, Weights } from './weights.ts';
import { getWeight, toDepthwise, toOihw } from './weights.ts';

export const mobilefacenetInputPx = 112;
export const mobilefacenetLength = 192;

const SCOPE = 'MobileFaceNet/MobileFaceNet/';
const LOGITS = 'MobileFaceNet/Logits/';

type Block = { name: string; stride: 1 | 2 };

/** The blocks in order: those with a stride of 2 halve the picture and have no shortcut. */
const BLOCKS: readonly Block[] = [
  { name: 'Conv2d_2_InvResBlock_0', stride: 2 },
  ...[1, 2, 3, 4].map((i): Block => ({ name: `Conv2d_2_InvResBlock_${i}`, stride: 1 })),
  { name: 'Conv2d_3_InvResBlock_0', stride: 2 },
  ...[0, 1, 2, 3, 4, 5].map((i): Block => ({ name: `Conv2d_4_InvResBlock_${i}`, stride: 1 })),
  { name: 'Conv2d_5_InvResBlock_0', stride: 2 },
  ...[0, 1].map((i): Block => ({ name: `Conv2d_6_InvResBlock_${i}`, stride: 1 })),
];

/**
 * What the package's file got wrong when it was exported: a Relu, half of the PReLU behind it, moved into each
 * of sixteen depthwise convolutions, where it cuts off what the other half needs, and the slope of every PReLU, which has the wrong sign. Once both are mended the net equals an
 * independent copy (testing/compare-mobilefacenet). Tests build a net that keeps them.
 */
export interface ExportFaults {
  readonly keepsDepthwiseRelu: boolean;
  readonly keepsSlopeSign: boolean;
}

/**
 * MobileFaceNet, an embedder of faces. In: `pixels` uint8 `[n, 112, 112, 3]` RGB, faces aligned as ArcFace aligns its chips. Out:
 * `embeddings` `[n, 192]`, compared by their angle, not normalised. Convolutions with nothing between them are multiplied out.
 * Source: Chen et al., "MobileFaceNets" (2018); weights of sirius-ai/MobileFaceNet_TF.
 */
export function buildMobilefacenetGraph(
  weights: Weights,
  faults: ExportFaults = { keepsDepthwiseRelu: false, keepsSlopeSign: false },
): Uint8Array {
  const graph = newOnnxGraph('face-embedder');
  const layers = new Layers(graph, weights, faults);
  const sides = [mobilefacenetInputPx, mobilefacenetInputPx] as const;
  const input = addPixelInput(graph, 'pixels', sides, { mean: [127.5, 127.5, 127.5], divisor: 128 });
  const stem = layers.convolve(input, `${SCOPE}Conv2d_0`, 2);
  let value = layers.depthwise(stem, `${SCOPE}SeparableConv2d`, 1);
  for (const [i, { name, stride }] of BLOCKS.entries()) {
    const scope = `${SCOPE}${name}`;
    const wide = i === 0 ? layers.expandFirst(value, scope) : layers.convolve(value, `${scope}/Conv`, 1);
    const looked = layers.depthwise(wide, `${scope}/SeparableConv2d`, stride);
    const narrow = layers.project(looked, `${scope}/Conv_1`);
    value = stride === 1 ? addStep(graph, 'Add', [narrow, value]) : narrow;
  }
  const features = layers.convolve(value, `${SCOPE}Conv2d_7`, 1);
  const embeddings = layers.embed(features);
  markOutput(graph, embeddings, 'embeddings', ['n', mobilefacenetLength]);
  return encodeOnnxGraph(graph);
}

/** The kinds of layer that the net is made of; batch normalisation is folded into the weights of the file. */
class Layers {
  readonly #graph: OnnxGraph;
  readonly #weights: Weights;
  readonly #faults: ExportFaults;

  constructor(graph: OnnxGraph, weights: Weights, faults: ExportFaults) {
    this.#graph = graph;
    this.#weights = weights;
    this.#faults = faults;
  }

  convolve(input: string, scope: string, stride: number): string {
    const filters = toOihw(this.#get(`${scope}/Conv2D_weights`));
    const bias = this.#get(`${scope}/Conv2D_bn_offset`).data;
    return this.#activate(addConv(this.#graph, input, { filters, bias, stride, padding: 'same' }), scope);
  }

  depthwise(input: string, scope: string, stride: number): string {
    const filters = toDepthwise(this.#get(`${scope}/depthwise_weights`));
    const bias = this.#get(`${scope}/depthwise_bn_offset`).data;
    const groups = bias.length;
    const value = addConv(this.#graph, input, { filters, bias, stride, padding: 'same', groups });
    return this.#activate(this.#faults.keepsDepthwiseRelu ? addStep(this.#graph, 'Relu', [value]) : value, scope);
  }

  /** Without an activation behind it. */
  project(input: string, scope: string): string {
    const filters = toOihw(this.#get(`${scope}/Conv2D_weights`));
    const bias = this.#get(`${scope}/Conv2D_bn_offset`).data;
    return addConv(this.#graph, input, { filters, bias, stride: 1, padding: 'valid' });
  }

  /** The first block: a projection stands before its expansion, with nothing between. */
  expandFirst(input: string, scope: string): string {
    const { filters, bias } = joinPointwise(this.#pointwise(`${SCOPE}Conv`), this.#pointwise(`${scope}/Conv`));
    return this.#activate(addConv(this.#graph, input, { filters, bias, stride: 1, padding: 'valid' }), `${scope}/Conv`);
  }

  /** One filter as large as the picture for each channel, then two projections with nothing between. */
  embed(input: string): string {
    const scope = `${LOGITS}SeparableConv2d`;
    const whole = toDepthwise(this.#get(`${scope}/depthwise_weights`));
    const wholeBias = this.#get(`${scope}/depthwise_bn_offset`).data;
    const pooled = addConv(this.#graph, input, {
      ...{ filters: whole, bias: wholeBias, groups: wholeBias.length },
      ...{ stride: 1, padding: 'valid' },
    });
    const { filters, bias } = joinPointwise(
      this.#pointwise(`${LOGITS}Conv`),
      this.#pointwise(`${LOGITS}LinearConv1x1`),
    );
    const projected = addConv(this.#graph, pooled, { filters, bias, stride: 1, padding: 'valid' });
    return addStep(this.#graph, 'Flatten', [projected]);
  }

  /**
   * PReLU: x above 0, slope · x below, the slope per channel. As x + (1 − slope) · Relu(−x), both products depthwise convolutions of
   * one pixel: the runtime keeps channels together in blocks, which it must undo for each of ONNX's own PRelu, Neg, Sub and Max; so
   * written the net takes two thirds of the time. The file holds half the slope, with the wrong sign: it says
   * Relu(x) + w · (x − |x|).
   */
  #activate(input: string, scope: string): string {
    const half = this.#get(`${scope}/mul`).data;
    const sign = this.#faults.keepsSlopeSign ? 2 : -2;
    const below = addStep(this.#graph, 'Relu', [this.#scale(input, new Float32Array(half.length).fill(-1))]);
    const missing = this.#scale(
      below,
      half.map((value) => 1 - sign * value),
    );
    return addStep(this.#graph, 'Add', [missing, input]);
  }

  #scale(input: string, perChannel: Float32Array): string {
    const groups = perChannel.length;
    const filters = { shape: [groups, 1, 1, 1], data: perChannel };
    return addConv(this.#graph, input, { filters, stride: 1, padding: 'valid', groups });
  }

  #pointwise(scope: string): Pointwise {
    return { weight: this.#get(`${scope}/Conv2D_weights`), bias: this.#get(`${scope}/Conv2D_bn_offset`).data };
  }

  #get(name: string): Weight {
    return getWeight(this.#weights, name);
  }
}

/** A 1 × 1 convolution; `weight` in tfjs order, `[1, 1, in, out]`. */
interface Pointwise {
  readonly weight: Weight;
  readonly bias: Float32Array;
}

/** One 1 × 1 convolution that does what two do one behind the other. */
function joinPointwise(first: Pointwise, second: Pointwise): { filters: Weight; bias: Float32Array } {
  const [, , inCount = 0, middleCount = 0] = first.weight.shape;
  const outCount = second.bias.length;
  const data = new Float32Array(outCount * inCount);
  const bias = Float32Array.from(second.bias);
  for (let o = 0; o < outCount; o++) {
    const row = (m: number) => second.weight.data[m * outCount + o] ?? 0;
    for (let i = 0; i < inCount; i++) {
      let sum = 0;
      for (let m = 0; m < middleCount; m++) sum += (first.weight.data[i * middleCount + m] ?? 0) * row(m);
      data[o * inCount + i] = sum;
    }
    let shift = bias[o] ?? 0;
    for (let m = 0; m < middleCount; m++) shift += (first.bias[m] ?? 0) * row(m);
    bias[o] = shift;
  }
  return { filters: { shape: [outCount, inCount, 1, 1], data }, bias };
}

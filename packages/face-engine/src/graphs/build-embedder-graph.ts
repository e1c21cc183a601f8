import type { OnnxGraph } from './onnx-graph.ts';
import {
  addConv,
  addFloats,
  addInts,
  addPixelInput,
  addStep,
  encodeOnnxGraph,
  markOutput,
  newOnnxGraph,
} from './onnx-graph.ts';
import type { Weights } from './weights.ts';
import { getWeight, toOihw } from './weights.ts';

export const EMBEDDER_INPUT_PX = 150;
export const embeddingLength = 128;

const meanRgb = [122.782, 117.001, 104.298] as const;

type Block =
  | { kind: 'keep'; name: string }
  | { kind: 'down'; name: string; addedChannels: number; padsOutput: boolean };

/** `padsOutput`: the pooled shortcut (8 → 4, 4 → 2) is one row and column larger than the convolution's output. */
const blocks: readonly Block[] = [
  { kind: 'keep', name: 'conv32_1' },
  { kind: 'keep', name: 'conv32_2' },
  { kind: 'keep', name: 'conv32_3' },
  { kind: 'down', name: 'conv64_down', addedChannels: 32, padsOutput: false },
  { kind: 'keep', name: 'conv64_1' },
  { kind: 'keep', name: 'conv64_2' },
  { kind: 'keep', name: 'conv64_3' },
  { kind: 'down', name: 'conv128_down', addedChannels: 64, padsOutput: false },
  { kind: 'keep', name: 'conv128_1' },
  { kind: 'keep', name: 'conv128_2' },
  { kind: 'down', name: 'conv256_down', addedChannels: 128, padsOutput: true },
  { kind: 'keep', name: 'conv256_1' },
  { kind: 'keep', name: 'conv256_2' },
  { kind: 'down', name: 'conv256_down_out', addedChannels: 0, padsOutput: true },
];

/**
 * dlib's ResNet-29 face embedder. In: `pixels` uint8 `[n, 150, 150, 3]` RGB, faces aligned as dlib aligns its chips.
 * Out: `embeddings` `[n, 128]`, compared by Euclidean distance, not normalised.
 * Source: King, "High quality face recognition with deep metric learning" (2017), after He et al. (2016).
 */
export function buildEmbedderGraph(weights: Weights): Uint8Array {
  const graph = newOnnxGraph('face-embedder');
  const input = addPixelInput(graph, 'pixels', [EMBEDDER_INPUT_PX, EMBEDDER_INPUT_PX], {
    mean: meanRgb,
    divisor: 255,
  });
  const stem = addStep(graph, 'Relu', [addScaledConv(graph, weights, input, 'conv32_down', 2)]);
  let value = addStep(graph, 'MaxPool', [stem], { kernel_shape: [3, 3], strides: [2, 2] });
  for (const block of blocks) value = addResidual(graph, weights, value, block);
  const flat = addStep(graph, 'Flatten', [addStep(graph, 'GlobalAveragePool', [value])]);
  const matrix = getWeight(weights, 'fc');
  const embeddings = addStep(graph, 'MatMul', [flat, addFloats(graph, matrix.shape, matrix.data)]);
  markOutput(graph, embeddings, 'embeddings', ['n', embeddingLength]);
  return encodeOnnxGraph(graph);
}

function addResidual(graph: OnnxGraph, weights: Weights, input: string, block: Block): string {
  const stride = block.kind === 'down' ? 2 : 1;
  const inner = addStep(graph, 'Relu', [addScaledConv(graph, weights, input, `${block.name}/conv1`, stride)]);
  let output = addScaledConv(graph, weights, inner, `${block.name}/conv2`, 1);
  let shortcut = input;
  if (block.kind === 'down') {
    shortcut = addStep(graph, 'AveragePool', [input], { kernel_shape: [2, 2], strides: [2, 2] });
    if (block.addedChannels > 0) shortcut = addZeros(graph, shortcut, [0, block.addedChannels, 0, 0]);
    if (block.padsOutput) output = addZeros(graph, output, [0, 0, 1, 1]);
  }
  return addStep(graph, 'Relu', [addStep(graph, 'Add', [shortcut, output])]);
}

/** A convolution with dlib's affine layer folded in; the strided ones are not padded. */
function addScaledConv(graph: OnnxGraph, weights: Weights, input: string, name: string, stride: number): string {
  const scale = getWeight(weights, `${name}/scale/weights`).data;
  const shift = getWeight(weights, `${name}/scale/biases`).data;
  const filters = toOihw(getWeight(weights, `${name}/conv/filters`), scale);
  const bias = getWeight(weights, `${name}/conv/bias`).data.map((b, i) => b * (scale[i] ?? 0) + (shift[i] ?? 0));
  return addConv(graph, input, { filters, bias, stride, padding: stride === 1 ? 'same' : 'valid' });
}

function addZeros(graph: OnnxGraph, input: string, countAfter: readonly number[]): string {
  return addStep(graph, 'Pad', [input, addInts(graph, [0, 0, 0, 0, ...countAfter])]);
}

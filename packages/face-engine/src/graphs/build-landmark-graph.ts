import type { OnnxGraph } from './onnx-graph.ts';
import { addConv, addFloats, addPixelInput, addStep, encodeOnnxGraph, markOutput, newOnnxGraph } from './onnx-graph.ts';
import type { Weights } from './weights.ts';
import { getWeight, toDepthwise, toOihw } from './weights.ts';

export const LANDMARK_INPUT_PX = 112;
export const landmarkCount = 68;

const blockCount = 4;
const meanRgb = [122.782, 117.001, 104.298] as const;

/**
 * 68-point landmark net (densely connected separable convolutions). In: `pixels` uint8 `[n, 112, 112, 3]` RGB, a square
 * face crop. Out: `points` `[n, 136]`, x and y by turns, in fractions of the crop, in iBUG 300-W order.
 * Source: face-api.js FaceLandmark68Net.
 */
export function buildLandmarkGraph(weights: Weights): Uint8Array {
  const graph = newOnnxGraph('face-landmarks');
  let value = addPixelInput(graph, 'pixels', [LANDMARK_INPUT_PX, LANDMARK_INPUT_PX], { mean: meanRgb, divisor: 255 });
  for (let block = 0; block < blockCount; block++) value = addDenseBlock(graph, weights, value, block);
  const flat = addStep(graph, 'Flatten', [addStep(graph, 'GlobalAveragePool', [value])]);
  const matrix = getWeight(weights, 'fc/weights');
  const bias = getWeight(weights, 'fc/bias').data;
  const points = addStep(graph, 'Gemm', [
    flat,
    addFloats(graph, matrix.shape, matrix.data),
    addFloats(graph, [bias.length], bias),
  ]);
  markOutput(graph, points, 'points', ['n', landmarkCount * 2]);
  return encodeOnnxGraph(graph);
}

/** Each step sees the sum of all outputs before it in its block. */
function addDenseBlock(graph: OnnxGraph, weights: Weights, input: string, block: number): string {
  const first =
    block === 0 ? addFirstConv(graph, weights, input) : addSeparable(graph, weights, input, `dense${block}/conv0`, 2);
  let sum = addStep(graph, 'Relu', [first]);
  let value = sum;
  for (let layer = 1; layer <= 3; layer++) {
    sum = addStep(graph, 'Add', [sum, addSeparable(graph, weights, value, `dense${block}/conv${layer}`, 1)]);
    value = addStep(graph, 'Relu', [sum]);
  }
  return value;
}

function addFirstConv(graph: OnnxGraph, weights: Weights, input: string): string {
  const filters = toOihw(getWeight(weights, 'dense0/conv0/filters'));
  const bias = getWeight(weights, 'dense0/conv0/bias').data;
  return addConv(graph, input, { filters, bias, stride: 2, padding: 'same' });
}

function addSeparable(graph: OnnxGraph, weights: Weights, input: string, name: string, stride: number): string {
  const depthwise = toDepthwise(getWeight(weights, `${name}/depthwise_filter`));
  const groups = depthwise.shape[0] ?? 0;
  const spatial = addConv(graph, input, { filters: depthwise, stride, padding: 'same', groups });
  const pointwise = toOihw(getWeight(weights, `${name}/pointwise_filter`));
  const bias = getWeight(weights, `${name}/bias`).data;
  return addConv(graph, spatial, { filters: pointwise, bias, stride: 1, padding: 'same' });
}

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
import { getWeight, toDepthwise, toOihw } from './weights.ts';

/** The side of a view for which the detector was trained; it looks at views of any size. */
export const DETECTOR_INPUT_PX = 512;

const BATCH_NORM_EPSILON = 0.0010000000474974513;
const BACKBONE_LAYER_COUNT = 13;
const BACKBONE_DOWN_LAYERS = [2, 4, 6, 12];
const BACKBONE_TAP_LAYER = 11;
const EXTRA_LAYER_COUNT = 8;
const CLASS_COUNT = 3;
const FACE_CLASS = 1;

/**
 * SSD-MobileNet-v1 face detector, fully convolutional. In: `pixels` uint8 `[n, height, width, 3]` RGB. Out: `encodings`
 * `[n, anchors, 4]` and `scores` `[n, anchors]` in 0..1, the anchors in the order of packs/ssd-anchors.ts.
 * Source: Liu et al., SSD (2016), Howard et al., MobileNets (2017), as trained for face-api.js.
 */
export function buildDetectorGraph(weights: Weights): Uint8Array {
  const graph = newOnnxGraph('face-detector');
  const normalise = { mean: [127.5, 127.5, 127.5], divisor: 127.5 } as const;
  const input = addPixelInput(graph, 'pixels', ['height', 'width'], normalise);
  const features = addFeatureMaps(graph, weights, input);
  const encodings: string[] = [];
  const classes: string[] = [];
  for (const [i, feature] of features.entries()) {
    const predictor = `Prediction/BoxPredictor_${i}`;
    encodings.push(addPredictor(graph, weights, feature, `${predictor}/BoxEncodingPredictor`, 4));
    classes.push(addPredictor(graph, weights, feature, `${predictor}/ClassPredictor`, CLASS_COUNT));
  }
  const scores = addFaceScores(graph, addStep(graph, 'Concat', classes, { axis: 1 }));
  markOutput(graph, addStep(graph, 'Concat', encodings, { axis: 1 }), 'encodings', ['n', 'anchors', 4]);
  markOutput(graph, scores, 'scores', ['n', 'anchors']);
  return encodeOnnxGraph(graph);
}

function addFeatureMaps(graph: OnnxGraph, weights: Weights, input: string): string[] {
  let value = addPointwise(graph, weights, input, 'MobilenetV1/Conv2d_0_pointwise', 2);
  const features: string[] = [];
  for (let layer = 1; layer <= BACKBONE_LAYER_COUNT; layer++) {
    const stride = BACKBONE_DOWN_LAYERS.includes(layer) ? 2 : 1;
    value = addDepthwise(graph, weights, value, `MobilenetV1/Conv2d_${layer}_depthwise`, stride);
    value = addPointwise(graph, weights, value, `MobilenetV1/Conv2d_${layer}_pointwise`, 1);
    if (layer === BACKBONE_TAP_LAYER) features.push(value);
  }
  features.push(value);
  for (let layer = 0; layer < EXTRA_LAYER_COUNT; layer += 2) {
    value = addPointwise(graph, weights, value, `Prediction/Conv2d_${layer}_pointwise`, 1);
    value = addPointwise(graph, weights, value, `Prediction/Conv2d_${layer + 1}_pointwise`, 2);
    features.push(value);
  }
  return features;
}

function addDepthwise(graph: OnnxGraph, weights: Weights, input: string, name: string, stride: number): string {
  const gamma = getWeight(weights, `${name}/BatchNorm/gamma`).data;
  const beta = getWeight(weights, `${name}/BatchNorm/beta`).data;
  const mean = getWeight(weights, `${name}/BatchNorm/moving_mean`).data;
  const variance = getWeight(weights, `${name}/BatchNorm/moving_variance`).data;
  const scale = gamma.map((value, i) => value / Math.sqrt((variance[i] ?? 0) + BATCH_NORM_EPSILON));
  const bias = beta.map((value, i) => value - (mean[i] ?? 0) * (scale[i] ?? 0));
  const filters = toDepthwise(getWeight(weights, `${name}/depthwise_weights`), scale);
  const conv = addConv(graph, input, { filters, bias, stride, padding: 'same', groups: bias.length });
  return addRelu6(graph, conv);
}

function addPointwise(graph: OnnxGraph, weights: Weights, input: string, name: string, stride: number): string {
  const filters = toOihw(getWeight(weights, `${name}/weights`));
  const bias = getWeight(weights, `${name}/convolution_bn_offset`).data;
  return addRelu6(graph, addConv(graph, input, { filters, bias, stride, padding: 'same' }));
}

function addRelu6(graph: OnnxGraph, input: string): string {
  const [low, high] = [addFloats(graph, [], Float32Array.of(0)), addFloats(graph, [], Float32Array.of(6))];
  return addStep(graph, 'Clip', [input, low, high]);
}

function addPredictor(graph: OnnxGraph, weights: Weights, input: string, name: string, valueCount: number): string {
  const filters = toOihw(getWeight(weights, `${name}/weights`));
  const bias = getWeight(weights, `${name}/biases`).data;
  const conv = addConv(graph, input, { filters, bias, stride: 1, padding: 'same' });
  const channelsLast = addStep(graph, 'Transpose', [conv], { perm: [0, 2, 3, 1] });
  return addStep(graph, 'Reshape', [channelsLast, addInts(graph, [0, -1, valueCount])]);
}

function addFaceScores(graph: OnnxGraph, classes: string): string {
  const bounds = [addInts(graph, [FACE_CLASS]), addInts(graph, [FACE_CLASS + 1])];
  const face = addStep(graph, 'Slice', [classes, ...bounds, addInts(graph, [2])]);
  return addStep(graph, 'Sigmoid', [addStep(graph, 'Squeeze', [face, addInts(graph, [2])])]);
}

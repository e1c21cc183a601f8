import type { OnnxGraph } from './onnx-graph.ts';
import {
  addBytePlanes,
  addConv,
  addDequantised,
  addFloats,
  addInts,
  addPixelInput,
  addQuantisedConv,
  addStep,
  encodeOnnxGraph,
  markOutput,
  newOnnxGraph,
} from './onnx-graph.ts';
import { type Layer, quantiseLayer } from './quantise-layer.ts';
import type { Weights } from './weights.ts';
import { getWeight, toDepthwise, toOihw } from './weights.ts';

/** The side of a view for which the detector was trained; it looks at views of any size. */
export const detectorInputPx = 512;

const batchNormEpsilon = 0.0010000000474974513;
const backboneLayerCount = 13;
const backboneDownLayers = [2, 4, 6, 12];
const backboneTapLayer = 11;
const extraLayerCount = 8;
const classCount = 3;
const faceClass = 1;
/** Pixels are shown as `(value − 127.5) / 127.5`. */
const PIXEL_MIDDLE = 127.5;
const relu6Max = 6;
/** A byte then holds all that ReLU6 lets through. */
const activationScale = relu6Max / 255;

/**
 * SSD-MobileNet-v1 face detector, fully convolutional. In: `pixels` uint8 `[n, height, width, 3]` RGB. Out: `encodings`
 * `[n, anchors, 4]` and `scores` `[n, anchors]` in 0..1, the anchors in the order of packs/ssd-anchors.ts.
 * Source: Liu et al., SSD (2016), Howard et al., MobileNets (2017), as trained for face-api.js.
 */
export function buildDetectorGraph(weights: Weights): Uint8Array {
  const graph = newOnnxGraph('face-detector');
  const normalise = { mean: [PIXEL_MIDDLE, PIXEL_MIDDLE, PIXEL_MIDDLE], divisor: PIXEL_MIDDLE } as const;
  const input = addPixelInput(graph, 'pixels', ['height', 'width'], normalise);
  const features = addFeatureMaps(weights, input, (value, { filters, bias, stride, groups }) =>
    addRelu6(graph, addConv(graph, value, { filters, bias, stride, padding: 'same', groups })),
  );
  return withPredictors(graph, weights, features);
}

/**
 * The same network in 8-bit whole numbers, three times as fast: the activation, ReLU6, says the range of every layer, so that no
 * pictures are needed to find it. Its scores are near those of the other: their logits differ by 0.23 (root mean square).
 * Source: Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference" (2018).
 */
export function buildScanGraph(weights: Weights): Uint8Array {
  const graph = newOnnxGraph('face-detector-scan');
  const input = addBytePlanes(graph, 'pixels', ['height', 'width']);
  let isFirst = true;
  const features = addFeatureMaps(weights, input, (value, layer) => {
    const scales = { inputScale: isFirst ? 1 / PIXEL_MIDDLE : activationScale, outputScale: activationScale };
    const zeroPoint = isFirst ? Math.ceil(PIXEL_MIDDLE) : 0;
    const shifted = isFirst ? shiftInput(layer, (zeroPoint - PIXEL_MIDDLE) / PIXEL_MIDDLE) : layer;
    isFirst = false;
    return addQuantisedConv(graph, value, { ...quantiseLayer(shifted, scales), zeroPoint });
  });
  const floats = features.map((feature) => addDequantised(graph, feature, activationScale));
  return withPredictors(graph, weights, floats);
}

/** Adds a layer behind a value and answers the new value. */
type AddLayer = (value: string, layer: Layer) => string;

function addFeatureMaps(weights: Weights, input: string, add: AddLayer): string[] {
  let value = add(input, pointwise(weights, 'MobilenetV1/Conv2d_0_pointwise', 2));
  const features: string[] = [];
  for (let layer = 1; layer <= backboneLayerCount; layer++) {
    const stride = backboneDownLayers.includes(layer) ? 2 : 1;
    value = add(value, depthwise(weights, `MobilenetV1/Conv2d_${layer}_depthwise`, stride));
    value = add(value, pointwise(weights, `MobilenetV1/Conv2d_${layer}_pointwise`, 1));
    if (layer === backboneTapLayer) features.push(value);
  }
  features.push(value);
  for (let layer = 0; layer < extraLayerCount; layer += 2) {
    value = add(value, pointwise(weights, `Prediction/Conv2d_${layer}_pointwise`, 1));
    value = add(value, pointwise(weights, `Prediction/Conv2d_${layer + 1}_pointwise`, 2));
    features.push(value);
  }
  return features;
}

function depthwise(weights: Weights, name: string, stride: number): Layer {
  const gamma = getWeight(weights, `${name}/BatchNorm/gamma`).data;
  const beta = getWeight(weights, `${name}/BatchNorm/beta`).data;
  const mean = getWeight(weights, `${name}/BatchNorm/moving_mean`).data;
  const variance = getWeight(weights, `${name}/BatchNorm/moving_variance`).data;
  const scale = gamma.map((value, i) => value / Math.sqrt((variance[i] ?? 0) + batchNormEpsilon));
  const bias = beta.map((value, i) => value - (mean[i] ?? 0) * (scale[i] ?? 0));
  const filters = toDepthwise(getWeight(weights, `${name}/depthwise_weights`), scale);
  return { filters, bias, stride, groups: bias.length };
}

function pointwise(weights: Weights, name: string, stride: number): Layer {
  const filters = toOihw(getWeight(weights, `${name}/weights`));
  return { filters, bias: getWeight(weights, `${name}/convolution_bn_offset`).data, stride, groups: 1 };
}

/** The layer for an input that is less by `shift` than what it was made for. */
function shiftInput(layer: Layer, shift: number): Layer {
  const perChannel = layer.filters.data.length / layer.bias.length;
  const sumOf = (channel: number) =>
    layer.filters.data
      .subarray(channel * perChannel, (channel + 1) * perChannel)
      .reduce((sum, value) => sum + value, 0);
  return { ...layer, bias: layer.bias.map((value, channel) => value + shift * sumOf(channel)) };
}

function addRelu6(graph: OnnxGraph, input: string): string {
  const [low, high] = [addFloats(graph, [], Float32Array.of(0)), addFloats(graph, [], Float32Array.of(relu6Max))];
  return addStep(graph, 'Clip', [input, low, high]);
}

function withPredictors(graph: OnnxGraph, weights: Weights, features: readonly string[]): Uint8Array {
  const encodings: string[] = [];
  const classes: string[] = [];
  for (const [i, feature] of features.entries()) {
    const predictor = `Prediction/BoxPredictor_${i}`;
    encodings.push(addPredictor(graph, weights, feature, `${predictor}/BoxEncodingPredictor`, 4));
    classes.push(addPredictor(graph, weights, feature, `${predictor}/ClassPredictor`, classCount));
  }
  const scores = addFaceScores(graph, addStep(graph, 'Concat', classes, { axis: 1 }));
  markOutput(graph, addStep(graph, 'Concat', encodings, { axis: 1 }), 'encodings', ['n', 'anchors', 4]);
  markOutput(graph, scores, 'scores', ['n', 'anchors']);
  return encodeOnnxGraph(graph);
}

function addPredictor(graph: OnnxGraph, weights: Weights, input: string, name: string, valueCount: number): string {
  const filters = toOihw(getWeight(weights, `${name}/weights`));
  const bias = getWeight(weights, `${name}/biases`).data;
  const conv = addConv(graph, input, { filters, bias, stride: 1, padding: 'same' });
  const channelsLast = addStep(graph, 'Transpose', [conv], { perm: [0, 2, 3, 1] });
  return addStep(graph, 'Reshape', [channelsLast, addInts(graph, [0, -1, valueCount])]);
}

function addFaceScores(graph: OnnxGraph, classes: string): string {
  const bounds = [addInts(graph, [faceClass]), addInts(graph, [faceClass + 1])];
  const face = addStep(graph, 'Slice', [classes, ...bounds, addInts(graph, [2])]);
  return addStep(graph, 'Sigmoid', [addStep(graph, 'Squeeze', [face, addInts(graph, [2])])]);
}

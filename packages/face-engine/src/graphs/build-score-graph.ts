import type { OnnxGraph } from './onnx-graph.ts';
import { addConv, addFloats, addInput, addStep, encodeOnnxGraph, markOutput, newOnnxGraph } from './onnx-graph.ts';
import type { GraphModel, GraphStep } from './read-graph-model.ts';
import { toOihw, type Weight } from './weights.ts';

/** `isImage`: `[n, channels, height, width]`, where TensorFlow has the channels last. */
type Value = { name: string; isImage: boolean };

const ACTIVATIONS: Readonly<Record<string, string>> = { Relu: 'Relu', Sigmoid: 'Sigmoid', Softmax: 'Softmax' };

/**
 * Writes a small TensorFlow classifier out as an ONNX graph. In: `face` float32 `[n, size, size, 3]`, RGB 0..1. Out: `scores`
 * `[n, classCount]`. Knows the operators of the two nets it is for, and throws for any other.
 */
export function buildScoreGraph(
  model: GraphModel,
  options: { name: string; sizePx: number; classCount: number },
): Uint8Array {
  const { name, sizePx, classCount } = options;
  const graph = newOnnxGraph(name);
  const values = new Map<string, Value>();
  const last = model.steps.reduce<Value | undefined>((before, step) => {
    if (step.op === 'Const') return before;
    const value =
      step.op === 'Placeholder'
        ? addFace(graph, sizePx)
        : convert(graph, step, stepValue(values, step.inputs[0]), model);
    values.set(step.name, value);
    return value;
  }, undefined);
  if (!last) throw new Error(`${name}: the graph has no steps`);
  markOutput(graph, last.name, 'scores', ['n', classCount]);
  return encodeOnnxGraph(graph);
}

function addFace(graph: OnnxGraph, sizePx: number): Value {
  const face = addInput(graph, 'face', 'float32', ['n', sizePx, sizePx, 3]);
  return { name: addStep(graph, 'Transpose', [face], { perm: [0, 3, 1, 2] }), isImage: true };
}

function convert(graph: OnnxGraph, step: GraphStep, value: Value, model: GraphModel): Value {
  const weight = (position: number) => weightOf(model, step, position);
  switch (step.op) {
    case '_FusedConv2D':
      return activate(graph, step, { name: addConvolution(graph, step, value, weight(1), weight(2)), isImage: true });
    case '_FusedMatMul': {
      const [matrix, bias] = [weight(1), weight(2)];
      const weights = [addFloats(graph, matrix.shape, matrix.data), addFloats(graph, bias.shape, bias.data)];
      return activate(graph, step, { name: addStep(graph, 'Gemm', [value.name, ...weights]), isImage: false });
    }
    case 'MaxPool': {
      const window = { kernel_shape: step.window.slice(1, 3), strides: step.strides.slice(1, 3) };
      return { ...value, name: addStep(graph, 'MaxPool', [value.name], { auto_pad: 'VALID', ...window }) };
    }
    case 'Mul':
    case 'Add':
    case 'AddV2': {
      const { data } = weight(1);
      const perChannel = addFloats(graph, value.isImage ? [1, data.length, 1, 1] : [data.length], data);
      return { ...value, name: addStep(graph, step.op === 'Mul' ? 'Mul' : 'Add', [value.name, perChannel]) };
    }
    case 'Reshape': {
      const channelsLast = addStep(graph, 'Transpose', [value.name], { perm: [0, 2, 3, 1] });
      return { name: addStep(graph, 'Flatten', [channelsLast]), isImage: false };
    }
    case 'Identity':
      return value;
    default:
      return { ...value, name: addActivation(graph, step.op, value.name) };
  }
}

function addConvolution(graph: OnnxGraph, step: GraphStep, value: Value, filters: Weight, bias: Weight): string {
  const padding = step.padding === 'SAME' ? 'same' : 'valid';
  const stride = step.strides[1] ?? 1;
  return addConv(graph, value.name, { filters: toOihw(filters), bias: bias.data, stride, padding });
}

/** A fused step adds its bias and then does what else it names. */
function activate(graph: OnnxGraph, { fused }: GraphStep, value: Value): Value {
  const activations = fused.filter((op) => op !== 'BiasAdd');
  return { ...value, name: activations.reduce((before, op) => addActivation(graph, op, before), value.name) };
}

function addActivation(graph: OnnxGraph, op: string, input: string): string {
  const opType = ACTIVATIONS[op];
  if (opType === undefined) throw new Error(`${graph.name}: no ONNX step is known for ${op}`);
  return addStep(graph, opType, [input]);
}

function stepValue(values: ReadonlyMap<string, Value>, name = ''): Value {
  const value = values.get(name);
  if (!value) throw new Error(`no step before makes "${name}"`);
  return value;
}

function weightOf({ weights }: GraphModel, { name, inputs }: GraphStep, position: number): Weight {
  const weight = weights.get(inputs[position] ?? '');
  if (!weight) throw new Error(`${name} lacks weight ${position}`);
  return weight;
}

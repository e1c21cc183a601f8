import type { OnnxGraph } from '../../graphs/onnx-graph.ts';
import {
  addConv,
  addFloats,
  addPixelInput,
  addStep,
  encodeOnnxGraph,
  markOutput,
  newOnnxGraph,
} from '../../graphs/onnx-graph.ts';
import { toDepthwise, toOihw } from '../../graphs/weights.ts';
import type { TfliteNet, TfliteStep, TfliteTensor } from './read-tflite.ts';

/** The net step by step as its file has it, nothing folded. In and out as our embedder: `pixels`, RGB bytes, and `embeddings`. */
export function buildTfliteGraph({ input, output, steps }: TfliteNet): Uint8Array {
  const [, height = 0, width = 0] = input.shape;
  const graph = newOnnxGraph('face-embedder-copy');
  const pixels = addPixelInput(graph, 'pixels', [height, width], { mean: [127.5, 127.5, 127.5], divisor: 128 });
  const values = new Map([[input.name, pixels]]);
  for (const step of steps) values.set(step.output.name, addTfliteStep(graph, step, values));
  markOutput(graph, getValue(graph, output, values), 'embeddings', ['n', output.shape.at(-1) ?? 0]);
  return encodeOnnxGraph(graph);
}

function addTfliteStep(graph: OnnxGraph, step: TfliteStep, values: ReadonlyMap<string, string>): string {
  const [first, filters, bias] = step.inputs;
  if (first === undefined) throw new Error(`${step.output.name} has no input`);
  if (step.op === 'Conv' || step.op === 'DepthwiseConv')
    return addConvolution(graph, step, getValue(graph, first, values), [filters, bias]);
  // To the only shape that the net knows besides an image's: a vector.
  if (step.op === 'Reshape') return addStep(graph, 'Flatten', [getValue(graph, first, values)]);
  const inputs = step.inputs.map((tensor) => getValue(graph, tensor, values));
  return addStep(graph, step.op, inputs);
}

/** Filters lie as `[out, height, width, in]`, those of depthwise convolutions as `[1, height, width, channels]`. */
function addConvolution(
  graph: OnnxGraph,
  { op, output, stride, padding }: TfliteStep,
  input: string,
  [filters, bias]: readonly (TfliteTensor | undefined)[],
): string {
  if (!filters?.data || !bias?.data) throw new Error(`${output.name} lacks its weights`);
  const [outCount = 0, height = 0, width = 0, channels = 0] = filters.shape;
  const common = { bias: bias.data, stride, padding };
  if (op === 'DepthwiseConv') {
    const depthwise = toDepthwise({ shape: [height, width, channels, 1], data: filters.data });
    return addConv(graph, input, { ...common, filters: depthwise, groups: channels });
  }
  const size = height * width * channels;
  const { data } = filters;
  const lastOut = Float32Array.from(data, (_, i) => data[(i % outCount) * size + Math.floor(i / outCount)] ?? 0);
  return addConv(graph, input, {
    ...common,
    filters: toOihw({ shape: [height, width, channels, outCount], data: lastOut }),
  });
}

/** A weight beside an image is one number a channel. */
function getValue(graph: OnnxGraph, { name, data }: TfliteTensor, values: ReadonlyMap<string, string>): string {
  if (data !== undefined) return addFloats(graph, [1, data.length, 1, 1], data);
  const value = values.get(name);
  if (value === undefined) throw new Error(`no step before makes ${name}`);
  return value;
}

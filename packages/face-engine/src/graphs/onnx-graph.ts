import type { AttributeMessage, NodeMessage, TensorMessage, ValueInfoMessage } from './onnx-schema.ts';
import { ATTRIBUTE_TYPE, DATA_TYPE, encodeModelMessage } from './onnx-schema.ts';
import type { QuantisedConv } from './quantise-layer.ts';
import type { Weight } from './weights.ts';

const IR_VERSION = 8;
const OPSET_VERSION = 17;

type Dimension = number | string;
type Attributes = Record<string, number | string | readonly number[]>;

/** An ONNX graph under construction. Values are named by the step that makes them, so equal steps give equal bytes. */
export type OnnxGraph = {
  name: string;
  nodes: NodeMessage[];
  initializers: TensorMessage[];
  inputs: ValueInfoMessage[];
  outputs: ValueInfoMessage[];
};

export function newOnnxGraph(name: string): OnnxGraph {
  return { name, nodes: [], initializers: [], inputs: [], outputs: [] };
}

/** Declares an input; a dimension given as text is free. Returns the value's name, as every `add…` below. */
export function addInput(graph: OnnxGraph, name: string, type: 'float32' | 'uint8', shape: Dimension[]): string {
  graph.inputs.push(valueInfo(name, DATA_TYPE[type], shape));
  return name;
}

export function markOutput(graph: OnnxGraph, value: string, name: string, shape: Dimension[]): void {
  const node = graph.nodes.find(({ output }) => output[0] === value);
  if (!node) throw new Error(`${graph.name}: no step makes ${value}`);
  graph.nodes.push(newNode('Identity', [value], [name], {}));
  graph.outputs.push(valueInfo(name, DATA_TYPE.float32, shape));
}

export function addFloats(graph: OnnxGraph, shape: readonly number[], data: Float32Array): string {
  return addInitializer(graph, shape, DATA_TYPE.float32, bytesOf(data));
}

export function addInts(graph: OnnxGraph, values: readonly number[]): string {
  const data = BigInt64Array.from(values, BigInt);
  return addInitializer(graph, [values.length], DATA_TYPE.int64, new Uint8Array(data.buffer));
}

/** Adds a step with one output; `inputs` are value names in the operator's order. Source: ONNX operator set 17. */
export function addStep(graph: OnnxGraph, opType: string, inputs: string[], attributes: Attributes = {}): string {
  const output = `${opType}_${graph.nodes.length}`;
  graph.nodes.push(newNode(opType, inputs, [output], attributes));
  return output;
}

/** Adds a convolution over `[n, channels, height, width]`; 'same' pads as TensorFlow does (odd pixel last). */
export function addConv(
  graph: OnnxGraph,
  input: string,
  conv: { filters: Weight; bias?: Float32Array; stride: number; padding: 'same' | 'valid'; groups?: number },
): string {
  const inputs = [input, addFloats(graph, conv.filters.shape, conv.filters.data)];
  if (conv.bias) inputs.push(addFloats(graph, [conv.bias.length], conv.bias));
  return addStep(graph, 'Conv', inputs, {
    auto_pad: conv.padding === 'same' ? 'SAME_UPPER' : 'VALID',
    kernel_shape: conv.filters.shape.slice(2),
    strides: [conv.stride, conv.stride],
    group: conv.groups ?? 1,
  });
}

/** A convolution in whole numbers, see quantise-layer.ts; its output is uint8, what is beyond 0..255 cut off. */
export function addQuantisedConv(
  graph: OnnxGraph,
  input: string,
  { zeroPoint, ...conv }: QuantisedConv & { zeroPoint: number },
): string {
  const outCount = conv.bias.length;
  const weights = addInitializer(graph, conv.shape, DATA_TYPE.int8, bytesOf(conv.filters));
  const zeros = addInitializer(graph, [outCount], DATA_TYPE.int8, new Uint8Array(outCount));
  const bias = addInitializer(graph, [outCount], DATA_TYPE.int32, bytesOf(conv.bias));
  const inputs = [
    ...[input, addFloats(graph, [], Float32Array.of(conv.inputScale)), addByte(graph, zeroPoint)],
    ...[weights, addFloats(graph, [outCount], conv.scales), zeros],
    ...[addFloats(graph, [], Float32Array.of(conv.outputScale)), addByte(graph, 0), bias],
  ];
  return addStep(graph, 'QLinearConv', inputs, {
    auto_pad: 'SAME_UPPER',
    kernel_shape: conv.shape.slice(2),
    strides: [conv.stride, conv.stride],
    group: conv.groups,
  });
}

/** Bytes from 0 on as numbers, `scale` each. */
export function addDequantised(graph: OnnxGraph, input: string, scale: number): string {
  return addStep(graph, 'DequantizeLinear', [input, addFloats(graph, [], Float32Array.of(scale)), addByte(graph, 0)]);
}

/** Declares RGB bytes `[n, height, width, 3]` and turns them into `[n, 3, height, width]`. */
export function addBytePlanes(
  graph: OnnxGraph,
  name: string,
  [height, width]: readonly [Dimension, Dimension],
): string {
  const bytes = addInput(graph, name, 'uint8', ['n', height, width, 3]);
  return addStep(graph, 'Transpose', [bytes], { perm: [0, 3, 1, 2] });
}

/** Turns RGB bytes `[n, height, width, 3]` into `(rgb − mean) / divisor`, shaped `[n, 3, height, width]`. */
export function addPixelInput(
  graph: OnnxGraph,
  name: string,
  [height, width]: readonly [Dimension, Dimension],
  normalise: { mean: readonly [number, number, number]; divisor: number },
): string {
  const bytes = addInput(graph, name, 'uint8', ['n', height, width, 3]);
  const floats = addStep(graph, 'Cast', [bytes], { to: DATA_TYPE.float32 });
  const planes = addStep(graph, 'Transpose', [floats], { perm: [0, 3, 1, 2] });
  const centred = addStep(graph, 'Sub', [planes, addFloats(graph, [1, 3, 1, 1], Float32Array.from(normalise.mean))]);
  return addStep(graph, 'Div', [centred, addFloats(graph, [1], Float32Array.of(normalise.divisor))]);
}

/** The bytes of an `.onnx` file. Throws on a big-endian machine, whose floats ONNX cannot hold as they lie. */
export function encodeOnnxGraph(graph: OnnxGraph): Uint8Array {
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1) throw new Error('ONNX graphs need a little-endian machine');
  return encodeModelMessage({
    irVersion: IR_VERSION,
    producerName: 'kilas',
    opsetImport: [{ domain: '', version: OPSET_VERSION }],
    graph: {
      name: graph.name,
      node: graph.nodes,
      initializer: graph.initializers,
      input: graph.inputs,
      output: graph.outputs,
    },
  });
}

function addInitializer(graph: OnnxGraph, dims: readonly number[], dataType: number, rawData: Uint8Array): string {
  const name = `weight_${graph.initializers.length}`;
  graph.initializers.push({ name, dims: [...dims], dataType, rawData });
  return name;
}

function addByte(graph: OnnxGraph, value: number): string {
  return addInitializer(graph, [], DATA_TYPE.uint8, Uint8Array.of(value));
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function newNode(opType: string, input: string[], output: string[], attributes: Attributes): NodeMessage {
  const attribute = Object.entries(attributes).map(([name, value]): AttributeMessage => {
    if (typeof value === 'number') return { name, type: ATTRIBUTE_TYPE.int, i: value };
    if (typeof value === 'string') return { name, type: ATTRIBUTE_TYPE.string, s: Buffer.from(value) };
    return { name, type: ATTRIBUTE_TYPE.ints, ints: [...value] };
  });
  return { input, output, name: output.join('+'), opType, attribute };
}

function valueInfo(name: string, elemType: number, shape: Dimension[]): ValueInfoMessage {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}

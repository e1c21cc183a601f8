import { create, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './gen/onnx_pb.js';
import type { QuantisedConv } from './quantise-layer.ts';
import type { Weight } from './weights.ts';

const IR_VERSION = 8n;
const opsetVersion = 17n;

type Dimension = number | string;
type Attributes = Record<string, number | string | readonly number[]>;

/** An ONNX graph under construction. Values are named by the step that makes them, so equal steps give equal bytes. */
export type OnnxGraph = GraphProto;

export function newOnnxGraph(name: string): OnnxGraph {
  return create(GraphProtoSchema, { name });
}

/** Declares an input; a dimension given as text is free. Returns the value's name, as every `add…` below. */
export function addInput(graph: OnnxGraph, name: string, type: 'float32' | 'uint8', shape: Dimension[]): string {
  graph.input.push(valueInfo(name, type === 'uint8' ? TensorProto_DataType.UINT8 : TensorProto_DataType.FLOAT, shape));
  return name;
}

export function markOutput(graph: OnnxGraph, value: string, name: string, shape: Dimension[]): void {
  const node = graph.node.find(({ output }) => output[0] === value);
  if (!node) throw new Error(`${graph.name}: no step makes ${value}`);
  graph.node.push(newNode('Identity', [value], [name], {}));
  graph.output.push(valueInfo(name, TensorProto_DataType.FLOAT, shape));
}

export function addFloats(graph: OnnxGraph, shape: readonly number[], data: Float32Array): string {
  return addInitializer(graph, shape, TensorProto_DataType.FLOAT, bytesOf(data));
}

export function addInts(graph: OnnxGraph, values: readonly number[]): string {
  const data = BigInt64Array.from(values, BigInt);
  return addInitializer(graph, [values.length], TensorProto_DataType.INT64, new Uint8Array(data.buffer));
}

/** Adds a step with one output; `inputs` are value names in the operator's order. Source: ONNX operator set 17. */
export function addStep(graph: OnnxGraph, opType: string, inputs: string[], attributes: Attributes = {}): string {
  const output = `${opType}_${graph.node.length}`;
  graph.node.push(newNode(opType, inputs, [output], attributes));
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

/** A convolution in whole numbers, see quantise-layer.ts; its output is uint8, clamped to 0..255. */
export function addQuantisedConv(
  graph: OnnxGraph,
  input: string,
  { zeroPoint, ...conv }: QuantisedConv & { zeroPoint: number },
): string {
  const outCount = conv.bias.length;
  const weights = addInitializer(graph, conv.shape, TensorProto_DataType.INT8, bytesOf(conv.filters));
  const zeros = addInitializer(graph, [outCount], TensorProto_DataType.INT8, new Uint8Array(outCount));
  const bias = addInitializer(graph, [outCount], TensorProto_DataType.INT32, bytesOf(conv.bias));
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
  const floats = addStep(graph, 'Cast', [bytes], { to: TensorProto_DataType.FLOAT });
  const planes = addStep(graph, 'Transpose', [floats], { perm: [0, 3, 1, 2] });
  const centred = addStep(graph, 'Sub', [planes, addFloats(graph, [1, 3, 1, 1], Float32Array.from(normalise.mean))]);
  return addStep(graph, 'Div', [centred, addFloats(graph, [1], Float32Array.of(normalise.divisor))]);
}

/** The bytes of an `.onnx` file; the same graph always gives the same. Throws on a big-endian machine, whose floats ONNX cannot hold as they lie. */
export function encodeOnnxGraph(graph: OnnxGraph): Uint8Array {
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1) throw new Error('ONNX graphs need a little-endian machine');
  const opsetImport = [{ version: opsetVersion }];
  const model = create(ModelProtoSchema, { irVersion: IR_VERSION, producerName: 'kilas', opsetImport, graph });
  return toBinary(ModelProtoSchema, model);
}

function addInitializer(
  graph: OnnxGraph,
  dims: readonly number[],
  dataType: TensorProto_DataType,
  rawData: Uint8Array,
): string {
  const name = `weight_${graph.initializer.length}`;
  graph.initializer.push(create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType, rawData }));
  return name;
}

function addByte(graph: OnnxGraph, value: number): string {
  return addInitializer(graph, [], TensorProto_DataType.UINT8, Uint8Array.of(value));
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function newNode(opType: string, input: string[], output: string[], attributes: Attributes): NodeProto {
  const attribute = Object.entries(attributes).map(([name, value]) => newAttribute(name, value));
  return create(NodeProtoSchema, { input, output, name: output.join('+'), opType, attribute });
}

function newAttribute(name: string, value: Attributes[string]): AttributeProto {
  const { INT, STRING, INTS } = AttributeProto_AttributeType;
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: INT, i: BigInt(value) });
  if (typeof value === 'string') return create(AttributeProtoSchema, { name, type: STRING, s: Buffer.from(value) });
  return create(AttributeProtoSchema, { name, type: INTS, ints: value.map(BigInt) });
}

function valueInfo(name: string, elemType: TensorProto_DataType, shape: Dimension[]): ValueInfoProto {
  const dim = shape.map((size) => ({ value: dimensionOf(size) }));
  const value = { case: 'tensorType' as const, value: { elemType, shape: { dim } } };
  return create(ValueInfoProtoSchema, { name, type: { value } });
}

function dimensionOf(size: Dimension) {
  if (typeof size === 'string') return { case: 'dimParam', value: size } as const;
  return { case: 'dimValue', value: BigInt(size) } as const;
}

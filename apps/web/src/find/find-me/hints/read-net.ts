export interface Tensor {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Float32Array;
}

/** `[height, width, inputs, outputs]`, as TensorFlow writes them. */
export interface Filter {
  readonly height: number;
  readonly width: number;
  readonly outputs: number;
  readonly data: Float32Array;
}

export type Step = { readonly name: string; readonly inputs: readonly string[] } & (
  | {
      readonly kind: 'convolve';
      readonly filter: Filter;
      readonly bias: Float32Array;
      readonly stride: number;
      readonly hasRelu: boolean;
    }
  | { readonly kind: 'depthwise'; readonly filter: Filter; readonly stride: number }
  | { readonly kind: 'pad'; readonly added: number }
  | { readonly kind: 'add' | 'relu' | 'pool' | 'same' }
);

export interface Net {
  readonly input: string;
  readonly steps: readonly Step[];
}

/** What a graph model of tfjs says, as far as the nets of this page need it. */
export interface GraphModel {
  readonly modelTopology: {
    readonly node: readonly {
      readonly name: string;
      readonly op: string;
      readonly input?: readonly string[];
      readonly attr?: {
        readonly strides?: { readonly list: { readonly i?: readonly string[] } };
        readonly fused_ops?: { readonly list: { readonly s?: readonly string[] } };
      };
    }[];
  };
  readonly weightsManifest: readonly { readonly weights: readonly WeightEntry[] }[];
}

interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** Where `[[0, 0], [0, 0], [0, 0], [0, n]]` says how many channels are added behind the others. */
const paddedChannels = 7;

type Weights = ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;

/** Reads a net of convolutions with padding to the same size. Throws where it holds a step that `runNet` does not know. */
export function readNet(model: GraphModel, bytes: ArrayBuffer): Net {
  const weights = readWeights(model.weightsManifest[0]?.weights ?? [], bytes);
  const get = (name = '') => {
    const weight = weights.get(name);
    if (weight === undefined) throw new Error(`the net has no weights ${name}`);
    return weight;
  };
  const filterOf = (name: string | undefined): Filter => {
    const { shape, data } = get(name);
    const [height = 0, width = 0, , outputs = 0] = shape;
    return { height, width, outputs, data };
  };
  const steps: Step[] = [];
  let input = '';
  for (const { name, op, input: inputs = [], attr } of model.modelTopology.node) {
    const [first = '', second = '', third = ''] = inputs;
    const stride = Number(attr?.strides?.list.i?.[1] ?? 1);
    switch (op) {
      case 'Const':
        break;
      case 'Placeholder':
        input = name;
        break;
      case '_FusedConv2D': {
        const hasRelu = attr?.fused_ops?.list.s?.some((fused) => atob(fused) === 'Relu') ?? false;
        steps.push({
          kind: 'convolve',
          name,
          inputs: [first],
          filter: filterOf(second),
          bias: get(third).data,
          stride,
          hasRelu,
        });
        break;
      }
      case 'DepthwiseConv2dNative':
        steps.push({ kind: 'depthwise', name, inputs: [first], filter: filterOf(second), stride });
        break;
      case 'Pad':
        steps.push({ kind: 'pad', name, inputs: [first], added: get(second).data[paddedChannels] ?? 0 });
        break;
      case 'AddV2':
        steps.push({ kind: 'add', name, inputs: [first, second] });
        break;
      case 'Relu':
        steps.push({ kind: 'relu', name, inputs: [first] });
        break;
      case 'MaxPool':
        steps.push({ kind: 'pool', name, inputs: [first] });
        break;
      case 'Reshape':
      case 'Identity':
        steps.push({ kind: 'same', name, inputs: [first] });
        break;
      default:
        throw new Error(`the net holds a step ${op}`);
    }
  }
  return { input, steps };
}

function readWeights(entries: readonly WeightEntry[], bytes: ArrayBuffer): Weights {
  const view = new DataView(bytes);
  const weights = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  let offset = 0;
  for (const { name, shape, dtype } of entries) {
    const count = shape.reduce((product, size) => product * size, 1);
    const data = new Float32Array(count);
    for (let at = 0; at < count; at++) {
      const place = offset + at * 4;
      data[at] = dtype === 'int32' ? view.getInt32(place, true) : view.getFloat32(place, true);
    }
    offset += count * 4;
    weights.set(name, { shape, data });
  }
  if (offset !== bytes.byteLength) throw new Error(`${bytes.byteLength} bytes of weights, ${offset} described`);
  return weights;
}

/** Operators by their number in the TensorFlow Lite schema: those that the net has. */
const OPERATORS: Readonly<Record<number, string>> = {
  0: 'Add',
  3: 'Conv',
  4: 'DepthwiseConv',
  18: 'Mul',
  19: 'Relu',
  22: 'Reshape',
  41: 'Sub',
  101: 'Abs',
};

export interface TfliteTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Absent for what is computed; shapes, the only whole numbers, are not read. */
  readonly data: Float32Array | undefined;
}

export interface TfliteStep {
  readonly op: string;
  readonly inputs: readonly TfliteTensor[];
  readonly output: TfliteTensor;
  /** Of convolutions. */
  readonly padding: 'same' | 'valid';
  readonly stride: number;
}

export interface TfliteNet {
  readonly input: TfliteTensor;
  readonly output: TfliteTensor;
  /** In an order in which each step's inputs are there. */
  readonly steps: readonly TfliteStep[];
}

const float32 = 0;

/**
 * Reads the first graph of a `.tflite` file, a FlatBuffer. Source: TensorFlow Lite's schema.fbs, whose field numbers stand here. Throws
 * for an operator that is not known, and for an activation fused into a convolution.
 */
export function readTflite(file: Uint8Array): TfliteNet {
  const buffer = new FlatBuffer(file);
  const model = buffer.root();
  const operators = buffer.tables(model, 1).map((code) => buffer.byte(code, 0));
  const data = buffer.tables(model, 4).map((holder) => buffer.bytes(holder, 0));
  const [graph] = buffer.tables(model, 2);
  if (graph === undefined) throw new Error('the file holds no graph');
  const tensors = buffer.tables(graph, 0).map((tensor): TfliteTensor => {
    const bytes = data[buffer.int(tensor, 2)];
    const isFloat = buffer.byte(tensor, 1) === float32 && bytes !== undefined && bytes.length > 0;
    const name = new TextDecoder().decode(buffer.bytes(tensor, 3));
    return {
      name,
      shape: buffer.ints(tensor, 0),
      data: isFloat ? new Float32Array(Uint8Array.from(bytes).buffer) : undefined,
    };
  });
  const tensorAt = (index: number | undefined) => {
    const tensor = tensors[index ?? -1];
    if (tensor === undefined) throw new Error(`the graph has no tensor ${index}`);
    return tensor;
  };
  const steps = buffer.tables(graph, 3).map((operator): TfliteStep => {
    const code = operators[buffer.int(operator, 0)] ?? -1;
    const op = OPERATORS[code];
    if (op === undefined) throw new Error(`the operator ${code} is not known`);
    const inputs = buffer.ints(operator, 1).map(tensorAt);
    return { op, inputs, output: tensorAt(buffer.ints(operator, 2)[0]), ...convolutionOf(buffer, operator, op) };
  });
  return { input: tensorAt(buffer.ints(graph, 1)[0]), output: tensorAt(buffer.ints(graph, 2)[0]), steps };
}

function convolutionOf(buffer: FlatBuffer, operator: number, op: string): Pick<TfliteStep, 'padding' | 'stride'> {
  if (!op.endsWith('Conv')) return { padding: 'same', stride: 1 };
  const options = buffer.table(operator, 4);
  const activation = buffer.byte(options, op === 'Conv' ? 3 : 4);
  if (activation !== 0) throw new Error(`an activation, ${activation}, is fused into a convolution`);
  return { padding: buffer.byte(options, 0) === 0 ? 'same' : 'valid', stride: buffer.int(options, 1) };
}

/** Tables are offsets into the file; a field that is absent is 0 or empty. */
class FlatBuffer {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  root(): number {
    return this.#follow(0);
  }

  table(table: number, field: number): number {
    const at = this.#field(table, field);
    if (at === undefined) throw new Error(`the table at ${table} has no field ${field}`);
    return this.#follow(at);
  }

  byte(table: number, field: number): number {
    const at = this.#field(table, field);
    return at === undefined ? 0 : this.#view.getInt8(at);
  }

  int(table: number, field: number): number {
    const at = this.#field(table, field);
    return at === undefined ? 0 : this.#view.getInt32(at, true);
  }

  bytes(table: number, field: number): Uint8Array {
    const { start, count } = this.#vector(table, field);
    return this.#bytes.subarray(start, start + count);
  }

  ints(table: number, field: number): number[] {
    const { start, count } = this.#vector(table, field);
    return Array.from({ length: count }, (_, i) => this.#view.getInt32(start + 4 * i, true));
  }

  tables(table: number, field: number): number[] {
    const { start, count } = this.#vector(table, field);
    return Array.from({ length: count }, (_, i) => this.#follow(start + 4 * i));
  }

  #vector(table: number, field: number): { start: number; count: number } {
    const at = this.#field(table, field);
    if (at === undefined) return { start: 0, count: 0 };
    const vector = this.#follow(at);
    return { start: vector + 4, count: this.#view.getUint32(vector, true) };
  }

  #follow(at: number): number {
    return at + this.#view.getUint32(at, true);
  }

  #field(table: number, field: number): number | undefined {
    const layout = table - this.#view.getInt32(table, true);
    const entry = 4 + 2 * field;
    if (entry >= this.#view.getUint16(layout, true)) return undefined;
    const offset = this.#view.getUint16(layout + entry, true);
    return offset === 0 ? undefined : table + offset;
  }
}

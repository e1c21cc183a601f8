import { InferenceSession, type Tensor } from 'onnxruntime-node';

/** A foreign network, loaded; `run` blocks the calling thread. */
export interface ModelSession {
  /** Dimensions of its only input; null where any size will do. */
  readonly inputShape: readonly (number | null)[];
  run(input: Tensor): Promise<ReadonlyMap<string, Tensor>>;
  close(): Promise<void>;
}

/** Throws when the file holds no network, or one with more inputs than one. */
export async function openModelSession(file: string, threads: number): Promise<ModelSession> {
  const session = await InferenceSession.create(file, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Spinning threads take the cores from every other process.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const [input, another] = session.inputMetadata;
  if (input === undefined || another !== undefined || !input.isTensor) {
    await session.release();
    throw new Error(`${file} takes ${session.inputMetadata.length} inputs, expected one tensor`);
  }
  return {
    inputShape: input.shape.map((size) => (typeof size === 'number' && size > 0 ? size : null)),
    run: async (tensor) => new Map(Object.entries(await session.run({ [input.name]: tensor }))),
    close: () => session.release(),
  };
}

/** The values of an output, `length` of them. Throws when the network gives something else. */
export function floatsOf(outputs: ReadonlyMap<string, Tensor>, name: string, length: number): Float32Array {
  const tensor = outputs.get(name);
  if (tensor === undefined) throw new Error(`the network has no output ${name}`);
  const { data } = tensor;
  if (!(data instanceof Float32Array)) throw new Error(`output ${name} does not hold floats`);
  if (data.length !== length) throw new Error(`output ${name} holds ${data.length} values, expected ${length}`);
  return data;
}

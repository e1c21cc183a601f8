import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import type { Weight } from '../weights.ts';

const MODELS_PACKAGE = '@vladmandic/human';

const integers = z.object({ list: z.object({ i: z.array(z.coerce.number().int()).optional() }) });
const attributes = z.object({
  strides: integers.optional(),
  ksize: integers.optional(),
  padding: z.object({ s: z.string() }).optional(),
  fused_ops: z.object({ list: z.object({ s: z.array(z.string()).optional() }) }).optional(),
});

const modelSchema = z.object({
  format: z.literal('graph-model'),
  modelTopology: z.object({
    node: z.array(
      z.object({
        name: z.string(),
        op: z.string(),
        input: z.array(z.string()).default([]),
        attr: attributes.default({}),
      }),
    ),
  }),
  weightsManifest: z
    .array(
      z.object({
        paths: z.array(z.string()).length(1),
        weights: z.array(
          z.object({
            name: z.string(),
            shape: z.array(z.number().int().positive()),
            dtype: z.enum(['float32', 'int32']),
            quantization: z.object({ dtype: z.literal('float16') }).optional(),
          }),
        ),
      }),
    )
    .length(1),
});

/** A step of a TensorFlow graph; texts of its attributes are decoded, and inputs are names of other steps. */
export type GraphStep = {
  name: string;
  op: string;
  inputs: readonly string[];
  strides: readonly number[];
  window: readonly number[];
  padding: string;
  fused: readonly string[];
};

export type GraphModel = { steps: readonly GraphStep[]; weights: ReadonlyMap<string, Weight> };

/** Reads a tfjs graph model that comes with the package. Throws when its files do not hold what they say. */
export async function readGraphModel(name: 'antispoof' | 'liveness'): Promise<GraphModel> {
  const folder = modelsFolder();
  const model = modelSchema.parse(JSON.parse(await readFile(path.join(folder, `${name}.json`), 'utf8')));
  const steps = model.modelTopology.node.map(({ attr, input, ...step }) => ({
    ...step,
    inputs: input,
    strides: attr.strides?.list.i ?? [],
    window: attr.ksize?.list.i ?? [],
    padding: decode(attr.padding?.s ?? ''),
    fused: (attr.fused_ops?.list.s ?? []).map(decode),
  }));
  const weights = new Map<string, Weight>();
  for (const { paths, weights: entries } of model.weightsManifest) {
    const bytes = await readFile(path.join(folder, paths.join('')));
    let offset = 0;
    for (const { name: weight, shape, dtype, quantization } of entries) {
      const count = shape.reduce((product, size) => product * size, 1);
      const sizeBytes = count * (quantization ? 2 : 4);
      const view = new DataView(bytes.buffer, bytes.byteOffset + offset, sizeBytes);
      const read = quantization ? half : dtype === 'int32' ? integer : float;
      weights.set(weight, { shape, data: Float32Array.from({ length: count }, (_, i) => read(view, i)) });
      offset += sizeBytes;
    }
    if (offset !== bytes.byteLength)
      throw new Error(`${name}: ${bytes.byteLength} bytes of weights, ${offset} described`);
  }
  return { steps, weights };
}

/** Where the package keeps its models, which it does not export. */
export function modelsFolder(): string {
  const entry = createRequire(import.meta.url).resolve(MODELS_PACKAGE);
  return path.join(path.dirname(path.dirname(entry)), 'models');
}

function decode(text: string): string {
  return Buffer.from(text, 'base64').toString();
}

const float = (view: DataView, i: number) => view.getFloat32(i * 4, true);
const integer = (view: DataView, i: number) => view.getInt32(i * 4, true);

/** IEEE 754 binary16. */
function half(view: DataView, i: number): number {
  const bits = view.getUint16(i * 2, true);
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

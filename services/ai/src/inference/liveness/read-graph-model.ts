import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { type Weight, weightShape } from '../weights.ts';

const MODELS_PACKAGE = '@vladmandic/human';

/** SHA-256 of the files as they were tried. */
const CHECKSUMS: Readonly<Record<string, string>> = {
  'antispoof.json': '7fd698ae1cebabbcad79d3b8b448587b0365eb7911987418231bdcf36583112a',
  'antispoof.bin': '4490fecb2becdb6869edc7e60f5e59962be013a8def8719b1373afb0f905c094',
  'liveness.json': '9e51c8acf83b80abbf329b2735309ab5c90611c66905ade8b1bd130d473df9c8',
  'liveness.bin': 'fc6a6b6b3b9721bdb8bff67a457a15b7cbfd81715cfb27f3e65b757e81dd663e',
};

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
            ...weightShape,
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

/** Throws, with names and checksums, when the files are not those that were tried; a start then ends, before any selfie. */
export async function checkGraphModels(folder: string = modelsFolder()): Promise<void> {
  for (const name of Object.keys(CHECKSUMS)) await readChecked(folder, name);
}

async function readChecked(folder: string, name: string): Promise<Buffer> {
  const bytes = await readFile(path.join(folder, name));
  const found = createHash('sha256').update(bytes).digest('hex');
  const expected = CHECKSUMS[name];
  if (found !== expected) throw new Error(`${path.join(folder, name)}: its SHA-256 is ${found}, expected ${expected}`);
  return bytes;
}

/** Reads a tfjs graph model that comes with the package. Throws when its files are not those that were tried. */
export async function readGraphModel(name: 'antispoof' | 'liveness'): Promise<GraphModel> {
  const folder = modelsFolder();
  const model = modelSchema.parse(JSON.parse((await readChecked(folder, `${name}.json`)).toString()));
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
    const bytes = await readChecked(folder, paths.join(''));
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

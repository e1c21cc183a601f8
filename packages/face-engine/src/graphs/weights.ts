import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';

export type Weight = { shape: readonly number[]; data: Float32Array };
export type Weights = ReadonlyMap<string, Weight>;
export type ModelName = 'ssd_mobilenetv1' | 'face_landmark_68' | 'face_recognition';

const WEIGHTS_PACKAGE = '@vladmandic/face-api';

/** What a tfjs weights manifest says of a tensor; a number alone has an empty shape. */
export const tensorSchema = z.object({
  name: z.string(),
  shape: z.array(z.number().int().positive()),
  dtype: z.enum(['float32', 'int32']),
  quantization: z
    .discriminatedUnion('dtype', [
      z.object({ dtype: z.literal('uint8'), scale: z.number(), min: z.number() }),
      z.object({ dtype: z.literal('float16') }),
    ])
    .optional(),
});

type TensorEntry = z.output<typeof tensorSchema>;
type NumberAt = { sizeBytes: number; read: (view: DataView, index: number) => number };

const manifestSchema = z.array(z.object({ paths: z.array(z.string()).length(1), weights: z.array(tensorSchema) }));

/**
 * Reads one network's weights, tensors in tfjs order (HWIO). Source: the tfjs weights manifest format. Throws when the files do not
 * hold what the manifest says.
 */
export async function readWeights(model: ModelName): Promise<Weights> {
  const require = createRequire(import.meta.url);
  const folder = path.join(path.dirname(require.resolve(`${WEIGHTS_PACKAGE}/package.json`)), 'model');
  const manifest = manifestSchema.parse(
    JSON.parse(await readFile(path.join(folder, `${model}_model-weights_manifest.json`), 'utf8')),
  );
  const weights = new Map<string, Weight>();
  for (const group of manifest) {
    const bytes = await readFile(path.join(folder, group.paths.join('')));
    readTensors(weights, { from: model, bytes, entries: group.weights });
  }
  return weights;
}

/** Adds the tensors that lie one behind the other in a tfjs file. Throws when they are not all of it. */
export function readTensors(
  weights: Map<string, Weight>,
  { from, bytes, entries }: { from: string; bytes: Uint8Array; entries: readonly TensorEntry[] },
): void {
  let offset = 0;
  for (const entry of entries) {
    const count = entry.shape.reduce((product, size) => product * size, 1);
    const { sizeBytes, read } = numberOf(entry);
    const view = new DataView(bytes.buffer, bytes.byteOffset + offset, count * sizeBytes);
    weights.set(entry.name, {
      shape: entry.shape,
      data: Float32Array.from({ length: count }, (_, i) => read(view, i)),
    });
    offset += count * sizeBytes;
  }
  if (offset !== bytes.byteLength)
    throw new Error(`${from}: ${bytes.byteLength} bytes of weights, ${offset} described`);
}

/** How a number of the tensor is stored; 8-bit ones stand for `value × scale + min`. */
function numberOf({ dtype, quantization }: TensorEntry): NumberAt {
  if (quantization?.dtype === 'float16') return { sizeBytes: 2, read: readHalf };
  if (quantization !== undefined) {
    const { scale, min } = quantization;
    return { sizeBytes: 1, read: (view, i) => view.getUint8(i) * scale + min };
  }
  return {
    sizeBytes: 4,
    read: dtype === 'int32' ? (view, i) => view.getInt32(i * 4, true) : (view, i) => view.getFloat32(i * 4, true),
  };
}

/** IEEE 754 binary16. */
function readHalf(view: DataView, i: number): number {
  const bits = view.getUint16(i * 2, true);
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

export function getWeight(weights: Weights, name: string): Weight {
  const weight = weights.get(name);
  if (!weight) throw new Error(`weight ${name} is missing`);
  return weight;
}

/** tfjs `[height, width, in, out]` → ONNX `[out, in, height, width]`, output channel `o` multiplied by `scale[o]`. */
export function toOihw(filters: Weight, scale?: Float32Array): Weight {
  const [height = 0, width = 0, inCount = 0, outCount = 0] = filters.shape;
  const data = new Float32Array(filters.data.length);
  let source = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let i = 0; i < inCount; i++) {
        for (let o = 0; o < outCount; o++) {
          const value = filters.data[source++] ?? 0;
          data[((o * inCount + i) * height + y) * width + x] = value * (scale?.[o] ?? 1);
        }
      }
    }
  }
  return { shape: [outCount, inCount, height, width], data };
}

/** tfjs depthwise `[height, width, channels, 1]` → ONNX `[channels, 1, height, width]`, scaled per channel. */
export function toDepthwise(filters: Weight, scale?: Float32Array): Weight {
  const [height = 0, width = 0, channels = 0] = filters.shape;
  return toOihw({ shape: [height, width, 1, channels], data: filters.data }, scale);
}

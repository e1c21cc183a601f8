import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';

export type Weight = { shape: readonly number[]; data: Float32Array };
export type Weights = ReadonlyMap<string, Weight>;
export type ModelName = 'ssd_mobilenetv1' | 'face_landmark_68' | 'face_recognition';

const WEIGHTS_PACKAGE = '@vladmandic/face-api';

/** What a tfjs weights manifest says of each tensor. */
export const weightShape = {
  name: z.string(),
  shape: z.array(z.number().int().positive()),
  dtype: z.enum(['float32', 'int32']),
};

const manifestSchema = z.array(
  z.object({
    paths: z.array(z.string()).length(1),
    weights: z.array(
      z.object({
        ...weightShape,
        quantization: z.object({ dtype: z.literal('uint8'), scale: z.number(), min: z.number() }).optional(),
      }),
    ),
  }),
);

/**
 * Reads one network's weights, tensors in tfjs order (HWIO), 8-bit values expanded as `value × scale + min`.
 * Source: the tfjs weights manifest format. Throws when the files do not hold what the manifest says.
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
    let offset = 0;
    for (const { name, shape, quantization } of group.weights) {
      const count = shape.reduce((product, size) => product * size, 1);
      const sizeBytes = count * (quantization ? 1 : 4);
      const view = new DataView(bytes.buffer, bytes.byteOffset + offset, sizeBytes);
      const data = new Float32Array(count);
      for (let i = 0; i < count; i++) {
        data[i] = quantization
          ? view.getUint8(i) * quantization.scale + quantization.min
          : view.getFloat32(i * 4, true);
      }
      weights.set(name, { shape, data });
      offset += sizeBytes;
    }
    if (offset !== bytes.byteLength)
      throw new Error(`${model}: ${bytes.byteLength} bytes of weights, ${offset} described`);
  }
  return weights;
}

export function getWeight(weights: Weights, name: string): Weight {
  const weight = weights.get(name);
  if (!weight) throw new Error(`weight ${name} is missing from ${WEIGHTS_PACKAGE}`);
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

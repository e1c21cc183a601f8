import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { GraphFiles } from './ensure-graphs.ts';

/** The three networks, loaded. `run` blocks the calling thread (onnxruntime-node 1.30), so they live in a worker. */
export type FaceSessions = { detector: InferenceSession; landmarks: InferenceSession; embedder: InferenceSession };

/** `threads`: cores that one run may use. */
export async function openFaceSessions(files: GraphFiles, threads: number): Promise<FaceSessions> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Spinning threads take the cores from every other process: a photo then takes six times as long on a busy machine.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
  return {
    detector: await InferenceSession.create(files.detector, options),
    landmarks: await InferenceSession.create(files.landmarks, options),
    embedder: await InferenceSession.create(files.embedder, options),
  };
}

export async function closeFaceSessions(sessions: FaceSessions): Promise<void> {
  await Promise.all([sessions.detector.release(), sessions.landmarks.release(), sessions.embedder.release()]);
}

/** Runs one network on a batch of square RGB images, all `sizePx` wide; answers each output's flat values by name. */
export async function runOnPixels(
  session: InferenceSession,
  images: readonly Uint8Array[],
  sizePx: number,
): Promise<Record<string, Float32Array>> {
  const imageBytes = sizePx * sizePx * 3;
  const batch = new Uint8Array(images.length * imageBytes);
  for (const [i, image] of images.entries()) batch.set(image, i * imageBytes);
  const outputs = await session.run({ pixels: new Tensor('uint8', batch, [images.length, sizePx, sizePx, 3]) });
  const values: Record<string, Float32Array> = {};
  for (const [name, { data }] of Object.entries(outputs)) {
    if (!(data instanceof Float32Array)) throw new Error(`output ${name} does not hold floats`);
    values[name] = data;
  }
  return values;
}

import { decodeImage } from '../decode-image.ts';
import type { Eyes } from './crop-for-liveness.ts';
import { type Liveness, type LivenessNets, openLivenessNets } from './liveness-nets.ts';

/** Of this thread; opened by the first selfie, so that a process which sees none pays nothing. */
let nets: Promise<LivenessNets> | undefined;

/** Throws as decodeImage; when the nets do not open, the next call tries anew. */
export async function scoreLiveness(file: Uint8Array, eyes: Eyes): Promise<Liveness> {
  const image = await decodeImage(file);
  nets ??= openLivenessNets().catch((error: unknown) => {
    nets = undefined;
    throw error;
  });
  return (await nets).score(image, eyes);
}

export async function closeLiveness(): Promise<void> {
  await (await nets)?.close();
}

import type { AiContext } from '../context.ts';
import { samePersonDistanceMax } from './facecam.ts';
import { lookAtSelfie, type SelfieRejection } from './look-at-selfie.ts';
import { findFarthestDistance } from './template-store.ts';

/** Says why a selfie will not do, or '' when it will. Stores nothing. Refuses with IMAGE_BROKEN, IMAGE_TOO_LARGE, AI_BUSY. */
export async function inspectFacecam(
  ctx: AiContext,
  { memberId, image }: { memberId: string; image: Uint8Array },
  signal: AbortSignal,
): Promise<SelfieRejection | 'not_the_same_person' | ''> {
  const packId = await ctx.analyser.engines.packId();
  const look = await lookAtSelfie(ctx, signal, async () => image);
  if (!look.ok) return look.rejection;
  const distance = await findFarthestDistance(ctx.db, { memberId, packId, embedding: look.face.embedding });
  return distance <= samePersonDistanceMax ? '' : 'not_the_same_person';
}

import { refuseFaultyImage } from '../analysis/refuse-image.ts';
import type { AiContext } from '../context.ts';
import { judgeSelfie, type SelfieRefusal } from '../inference/judge-selfie.ts';
import { samePersonDistanceMax } from './facecam.ts';
import { findFarthestDistance } from './template-store.ts';

/** Says why a selfie will not do, or '' when it will. Stores nothing. Refuses with IMAGE_BROKEN, IMAGE_TOO_LARGE, AI_BUSY. */
export async function inspectFacecam(
  ctx: AiContext,
  { memberId, image }: { memberId: string; image: Uint8Array },
  signal: AbortSignal,
): Promise<SelfieRefusal | 'not_the_same_person' | ''> {
  const packId = await ctx.analyser.engines.packId();
  const analysis = await ctx.analyser.run('selfies', signal, (analyse) => analyse(image)).catch(refuseFaultyImage);
  const verdict = judgeSelfie(analysis);
  if (!verdict.ok) return verdict.reason;
  const distance = await findFarthestDistance(ctx.db, { memberId, packId, embedding: verdict.face.embedding });
  return distance <= samePersonDistanceMax ? '' : 'not_the_same_person';
}

import { createHash } from 'node:crypto';
import type { AiContext } from '../context.ts';
import { isSamePerson } from './is-same-person.ts';
import { lookAtSelfie, type SelfieRejection } from './look-at-selfie.ts';

/** Says why a selfie will not do, or '' when it will. Stores nothing. Refuses with IMAGE_BROKEN, IMAGE_TOO_LARGE, IMAGE_QUARANTINED, AI_BUSY. */
export async function inspectFacecam(
  ctx: AiContext,
  { memberId, image }: { memberId: string; image: Uint8Array },
  signal: AbortSignal,
): Promise<SelfieRejection | 'not_the_same_person' | ''> {
  const packId = ctx.packs.currentId;
  // It has no id yet, and comes again with the same bytes.
  const thing = `selfie/${createHash('sha256').update(image).digest('hex')}` as const;
  const look = await lookAtSelfie(ctx, signal, { thing, read: async () => image, keepsLiveness: false });
  if (!look.ok) return look.rejection;
  const selfie = { memberId, packId, embedding: look.face.embedding };
  return (await isSamePerson(ctx.db, selfie)) ? '' : 'not_the_same_person';
}

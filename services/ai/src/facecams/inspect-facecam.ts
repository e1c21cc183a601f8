import { createHash } from 'node:crypto';
import type { AiContext } from '../context.ts';
import { isFromAPhoto } from './is-from-a-photo.ts';
import { isSamePerson } from './is-same-person.ts';
import { lookAtSelfie, type SelfieRejection } from './look-at-selfie.ts';

/** Says why a selfie will not do, or '' when it will. Stores nothing. Refuses with IMAGE_BROKEN, IMAGE_TOO_LARGE, IMAGE_QUARANTINED, AI_BUSY. */
export async function inspectFacecam(
  ctx: AiContext,
  { memberId, image }: { memberId: string; image: Uint8Array },
  signal: AbortSignal,
): Promise<SelfieRejection | 'not_the_same_person' | 'from_a_photo' | ''> {
  const packId = ctx.packs.currentId;
  // It has no id yet, and comes again with the same bytes.
  const thing = `selfie/${createHash('sha256').update(image).digest('hex')}` as const;
  const look = await lookAtSelfie(ctx, signal, { memberId, thing, read: async () => image, keepsLiveness: false });
  if (!look.ok) return look.rejection;
  const { embedding, luma } = look.face;
  if (!(await isSamePerson(ctx.db, { memberId, packId, embedding }))) return 'not_the_same_person';
  return (await isFromAPhoto(ctx, packId, { embedding, luma })) ? 'from_a_photo' : '';
}

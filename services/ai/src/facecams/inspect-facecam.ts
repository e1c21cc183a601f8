import type { AiContext } from '../context.ts';
import { thingOf } from './facecam.ts';
import { type Capture, type CaptureRejection, inspectCapture } from './inspect-capture.ts';
import { isFromAPhoto } from './is-from-a-photo.ts';
import { isSamePerson } from './is-same-person.ts';
import { lookAtSelfie, type SelfieRejection } from './look-at-selfie.ts';

export interface Inspection {
  readonly rejection: SelfieRejection | 'not_the_same_person' | CaptureRejection['rejection'] | '';
  /** Of the challenge, from 1; 0 for the selfie itself. */
  readonly step: number;
}

/**
 * Says why a selfie, or the frames of a challenge with it, will not do, or '' when they will. Stores nothing. Refuses with IMAGE_BROKEN,
 * IMAGE_TOO_LARGE, IMAGE_QUARANTINED, AI_BUSY.
 */
export async function inspectFacecam(
  ctx: AiContext,
  { image, ...capture }: Capture & { readonly image: Uint8Array },
  signal: AbortSignal,
): Promise<Inspection> {
  const packId = ctx.packs.currentId;
  const { memberId } = capture;
  const thing = thingOf(image);
  const look = await lookAtSelfie(ctx, signal, { memberId, thing, read: async () => image, keepsLiveness: false });
  if (!look.ok) return ofSelfie(look.rejection);
  const { embedding, luma } = look.face;
  if (!(await isSamePerson(ctx.db, { memberId, packId, embedding }))) return ofSelfie('not_the_same_person');
  if (await isFromAPhoto(ctx, packId, { embedding, luma })) return ofSelfie('from_a_photo');
  if (capture.steps.length === 0) return ofSelfie('');
  return (await inspectCapture(ctx, look.face, capture, signal)) ?? ofSelfie('');
}

function ofSelfie(rejection: Inspection['rejection']): Inspection {
  return { rejection, step: 0 };
}

import { InferenceError } from '@kilas/face-engine/inference-error.ts';
import { refusal } from '@kilas/messages/refuse.ts';
import { isMachineFault } from '@kilas/platform/problems/machine-fault.ts';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import { HeldElsewhere, Quarantined } from '@kilas/platform/risky-work/risky-work.ts';

/**
 * The reason why an image itself cannot be analysed, now or later; undefined for every other error, as when the decoder found no
 * memory.
 */
export function imageFaultOf(error: unknown): 'IMAGE_BROKEN' | 'IMAGE_TOO_LARGE' | 'IMAGE_QUARANTINED' | undefined {
  if (refusalOf(error)?.reason === 'IMAGE_QUARANTINED') return 'IMAGE_QUARANTINED';
  if (!(error instanceof InferenceError)) return undefined;
  if (error.reason === 'image_unreadable') return isMachineFault(error) ? undefined : 'IMAGE_BROKEN';
  return error.reason === 'image_too_large' ? 'IMAGE_TOO_LARGE' : undefined;
}

/** For `catch`: an image that cannot be analysed is refused, everything else is thrown on. */
export function refuseFaultyImage(error: unknown): never {
  const fault = imageFaultOf(error);
  throw fault === undefined ? error : refusal(fault);
}

/** What killed processes is refused for good, what another one looks at for now. */
export function refusedRisk(error: unknown): unknown {
  if (error instanceof Quarantined) return refusal('IMAGE_QUARANTINED');
  if (!(error instanceof HeldElsewhere)) return error;
  return refusal('AI_BUSY', { retryAfterSeconds: String(error.retryAfterSeconds) });
}

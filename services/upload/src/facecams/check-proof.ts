import { refuse } from '@kilas/messages/refuse.ts';
import type { UploadConfig } from '../config.ts';

/** Refuses a selfie without a challenge with FACECAM_CHALLENGE_REQUIRED where the installation asks for one. */
export function checkProof(config: Pick<UploadConfig, 'SELFIE_PROOF'>, challengeId: string | undefined): void {
  if (config.SELFIE_PROOF === 'challenge' && challengeId === undefined) refuse('FACECAM_CHALLENGE_REQUIRED');
}

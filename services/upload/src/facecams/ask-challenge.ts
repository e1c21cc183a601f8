import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { UploadContext } from '../context.ts';
import { challengeSeconds, drawSteps } from './challenge.ts';
import { type Challenge, putChallenge } from './challenge-store.ts';
import { lockConsentingMember } from './facecam-store.ts';

/** Asks a member to do a few things before the camera, within two minutes. The one before is worth nothing any more. */
export async function askChallenge(
  ctx: UploadContext,
  member: { memberId: string; consentEpoch: number },
): Promise<Challenge> {
  await takeAttempt(ctx.limits.challengesByMember, member.memberId);
  const challenge = {
    member_id: member.memberId,
    challenge_id: newId(),
    consent_epoch: member.consentEpoch,
    steps: drawSteps(),
    expires_at: addSeconds(ctx.clock.now(), challengeSeconds),
  };
  await transact(ctx.db, async (tx) => {
    await lockConsentingMember(tx, member);
    await putChallenge(tx, challenge);
  });
  return challenge;
}

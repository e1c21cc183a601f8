import { MatchAnsweredSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { transact } from '@kilas/platform/transact.ts';
import type { PhotoContext } from '../context.ts';
import type { MatchCut } from './match-cut.ts';
import { lockAnswerableMatch, lockErasedEpochs, updateAnswer } from './match-store.ts';

/**
 * Keeps what a member says of a match that they are shown, asked about or answered before, and tells ai in the same transaction. The
 * same answer again changes nothing and is not told. Refuses with PHOTO_NOT_FOUND, TOO_MANY_REQUESTS.
 */
export async function answerMatch(
  ctx: PhotoContext,
  key: { memberId: string; photoId: string; cut: MatchCut },
  answer: 'confirmed' | 'rejected',
): Promise<void> {
  const { memberId, photoId } = key;
  await takeAttempt(ctx.limits.answersByMember, memberId);
  await transact(ctx.db, async (tx) => {
    await lockErasedEpochs(tx, [memberId]);
    const match = await lockAnswerableMatch(tx, key);
    if (match === undefined) refuse('PHOTO_NOT_FOUND');
    if (match.answer === answer) return;
    await updateAnswer(tx, key, answer);
    const { consentEpoch, box } = match;
    await ctx.outbox.publish(tx, MatchAnsweredSchema, memberId, { memberId, photoId, answer, consentEpoch, box });
  });
}

import { MatchAnsweredSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { deleteUnfounded } from '../collections/collection-store.ts';
import type { PhotoContext } from '../context.ts';
import type { MatchCut } from '../viewers/viewer.ts';
import { deleteMatch, listForgottenFacecams, lockAnswerableMatch, updateAnswer } from './match-store.ts';

/**
 * Makes a match as if its member had not answered, and tells ai in the same transaction. A match whose facecam was taken away meanwhile
 * goes: ai tells it anew if another facecam finds it. Without an answer nothing changes. Refuses with PHOTO_NOT_FOUND, TOO_MANY_REQUESTS.
 */
export async function takeBackAnswer(
  ctx: PhotoContext,
  key: { memberId: string; photoId: string; cut: MatchCut },
): Promise<void> {
  const { memberId, photoId } = key;
  await takeAttempt(ctx.limits.answersByMember, memberId);
  await transact(ctx.db, async (tx) => {
    const match = await lockAnswerableMatch(tx, key);
    if (match === undefined) refuse('PHOTO_NOT_FOUND');
    const { answer, facecamId, consentEpoch, box } = match;
    if (answer === 'suggested') return;
    const isForgotten = (await listForgottenFacecams(tx, [facecamId])).has(facecamId);
    if (isForgotten) {
      await deleteMatch(tx, key);
      await deleteUnfounded(tx, memberId);
    } else await updateAnswer(tx, key, { answer: 'suggested', toldTemplateEpoch: null });
    const takenBack = { memberId, photoId, answer: 'suggested', consentEpoch, mayBeTemplate: false, box };
    await ctx.outbox.publish(tx, MatchAnsweredSchema, memberId, takenBack);
  });
}

import { MatchAnsweredSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import type { Identity } from '@kilas/identity/identity.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { deleteUnfounded } from '../collections/collection-store.ts';
import type { PhotoContext } from '../context.ts';
import type { MatchCut } from '../viewers/viewer.ts';
import { lockAnswerableMatch, updateAnswer } from './match-store.ts';

/**
 * Keeps what a member says of a match that they are shown, asked about or answered before, and tells ai in the same transaction. A photo that they
 * reject goes from their lists where they may not see it otherwise. The same answer again changes nothing and is not told, unless the member's consent lets the confirmed face become a template by now. Refuses with PHOTO_NOT_FOUND, TOO_MANY_REQUESTS.
 */
export async function answerMatch(
  ctx: PhotoContext,
  key: { memberId: string; photoId: string; cut: MatchCut },
  answer: 'confirmed' | 'rejected',
  consent: Pick<Identity, 'consentEpoch' | 'consentCoversConfirmedFaces'>,
): Promise<void> {
  const { memberId, photoId } = key;
  await takeAttempt(ctx.limits.answersByMember, memberId);
  await transact(ctx.db, async (tx) => {
    const match = await lockAnswerableMatch(tx, key);
    if (match === undefined) refuse('PHOTO_NOT_FOUND');
    const { consentEpoch, box } = match;
    // A match that was found under another consent is none that this one speaks of.
    const isCovered = consent.consentCoversConfirmedFaces && consent.consentEpoch === consentEpoch;
    const mayBeTemplate = answer === 'confirmed' && isCovered;
    const isTold = !mayBeTemplate || match.toldTemplateEpoch === consentEpoch;
    if (match.answer === answer && isTold) return;
    await updateAnswer(tx, key, { answer, toldTemplateEpoch: mayBeTemplate ? consentEpoch : null });
    if (answer === 'rejected') await deleteUnfounded(tx, memberId);
    const answered = { memberId, photoId, answer, consentEpoch, mayBeTemplate, box };
    await ctx.outbox.publish(tx, MatchAnsweredSchema, memberId, answered);
  });
}

import { transact } from '@kilas/platform/transact.ts';
import type { AiContext } from '../context.ts';
import { matchMember } from '../matching/match-facecam.ts';
import { tellForgotten, tellMatches } from '../matching/tell-photo.ts';
import { lockMember } from '../members/member-store.ts';
import { updateLikenesses } from './likeness-store.ts';
import { deleteTemplates, insertForgottenFacecam } from './template-store.ts';

/**
 * Takes a facecam away for good, also from an enrolment under way. Photos found by it stay found where another facecam of the
 * member finds them too. May run again after any step.
 */
export async function forgetFacecam(ctx: AiContext, facecam: { memberId: string; facecamId: string }): Promise<void> {
  await transact(ctx.db, async (tx) => {
    await lockMember(tx, facecam.memberId);
    await insertForgottenFacecam(tx, facecam, ctx.clock.now());
    await deleteTemplates(tx, facecam.facecamId, facecam.memberId);
    await updateLikenesses(tx, facecam.memberId);
  });
  // The likeness is another one now, and led by another facecam.
  await matchMember(ctx.db, facecam.memberId);
  await tellForgotten(ctx, facecam);
  await tellMatches(ctx, facecam.memberId);
}

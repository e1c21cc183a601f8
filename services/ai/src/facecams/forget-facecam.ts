import type { AiContext } from '../context.ts';
import { matchMember } from '../matching/match-facecam.ts';
import { tellForgotten, tellMatches } from '../matching/tell-photo.ts';
import { deleteConfirmedTemplates } from '../templates/confirmed-store.ts';
import { deleteTemplates, insertForgottenFacecam } from '../templates/template-store.ts';
import { tellEndings } from './end-confirmed-faces.ts';
import { takeAway } from './take-away.ts';

/**
 * Takes a facecam away for good, also from an enrolment under way. Photos found by it stay found where another facecam of the
 * member finds them too; with the last one, the faces that the member confirmed end as templates. May run again after any step.
 */
export async function forgetFacecam(ctx: AiContext, facecam: { memberId: string; facecamId: string }): Promise<void> {
  const { memberId, facecamId } = facecam;
  await takeAway(ctx.db, memberId, async (tx) => {
    await insertForgottenFacecam(tx, facecam, ctx.clock.now());
    await deleteTemplates(tx, facecamId, memberId);
    await deleteConfirmedTemplates(tx, memberId, 'without selfie');
  });
  // The likeness is another one now, and led by another facecam.
  await matchMember(ctx.db, memberId);
  await tellForgotten(ctx, facecam);
  await tellEndings(ctx);
  await tellMatches(ctx, memberId);
}

import { MatchAnsweredSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { type Subscription, subscribeWithFollowUp } from '@kilas/platform/events/events.ts';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import type { AiContext } from '../context.ts';
import type { AiSchema } from '../db/schema.ts';
import { matchFacecam } from '../matching/match-facecam.ts';
import { tellMatches, tellRivals } from '../matching/tell-photo.ts';
import type { RunningCalls } from '../running-calls.ts';
import { deleteConfirmedTemplates, listConfirmedTemplates } from '../templates/confirmed-store.ts';
import { endDoubtfulFaces, tellEndings } from './end-confirmed-faces.ts';
import { keepConfirmedFace } from './keep-confirmed-face.ts';
import { takeAway } from './take-away.ts';

/**
 * Acts on a member's answer to a photo. A face that they confirm may become a further template if their consent says so. A face that they reject,
 * or whose answer they take back, stops being a template. A replica of photo that knows nothing of that consent makes no template. photo's events
 * of one member arrive in order.
 */
export function onMatchAnswered(ctx: AiContext, calls: RunningCalls): Subscription<AiSchema> {
  return subscribeWithFollowUp(
    'photo',
    MatchAnsweredSchema,
    async (tx, { memberId, photoId, answer, consentEpoch, mayBeTemplate, box }) => {
      if (answer !== 'confirmed' || !mayBeTemplate || box === undefined) return {};
      const confirmation = { memberId, photoId, consentEpoch, packId: ctx.packs.currentId, box };
      return { templates: (await keepConfirmedFace(tx, confirmation, ctx.clock.now())) ? 1 : 0 };
    },
    ({ memberId, photoId, answer }) =>
      calls.run(async () => {
        if (answer === 'confirmed') return searchByConfirmed(ctx, memberId, photoId);
        await takeAway(ctx.db, memberId, (tx) => deleteConfirmedTemplates(tx, memberId, { photoId }));
        await tellEndings(ctx);
        // photo forgot a match whose facecam is gone: the others speak again.
        if (answer === 'suggested') await tellMatches(ctx, memberId);
      }),
  );
}

/** The template stands committed: photos from here on find it, and this search finds all that are there already. */
async function searchByConfirmed(ctx: AiContext, memberId: string, photoId: string): Promise<void> {
  await endDoubtfulFaces(ctx, memberId);
  const kept = await listConfirmedTemplates(ctx.db, { memberId, packId: ctx.packs.currentId });
  const template = kept.find((one) => one.photoId === photoId);
  if (template === undefined) return;
  try {
    await matchFacecam(ctx.db, { ...template, memberId });
  } catch (error) {
    const reason = refusalOf(error)?.reason;
    // It ended meanwhile, and whoever ended it tells photo.
    if (reason === 'CONSENT_WITHDRAWN' || reason === 'FACECAM_FORGOTTEN') return;
    throw error;
  }
  // All: what the member's other templates found is judged by one trial more from now on.
  await tellMatches(ctx, memberId);
  await tellRivals(ctx, { ...template, memberId });
}

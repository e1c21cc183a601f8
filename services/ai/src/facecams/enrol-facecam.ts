import { refuse } from '@kilas/messages/refuse.ts';
import { refuseFaultyImage } from '../analysis/refuse-image.ts';
import type { AiContext } from '../context.ts';
import { judgeSelfie } from '../inference/judge-selfie.ts';
import { matchFacecam } from '../matching/match-facecam.ts';
import { tellMatches } from '../matching/tell-photo.ts';
import { findErasedEpoch } from '../members/member-store.ts';
import { storeTemplate } from './store-template.ts';
import { listTemplatesByFacecam } from './template-store.ts';

export interface EnrolFacecam {
  readonly memberId: string;
  readonly facecamId: string;
  readonly consentEpoch: number;
  readonly selfieKey: string;
}

/**
 * Makes a facecam's template, finds the photos already there and tells photo; answers how many rest on this facecam. May run
 * again after any step, and needs the selfie only until the template exists. Refuses with CONSENT_WITHDRAWN,
 * FACECAM_FORGOTTEN, FACECAM_MISMATCH, FACECAM_REJECTED, IMAGE_BROKEN, IMAGE_TOO_LARGE, AI_BUSY.
 */
export async function enrolFacecam(ctx: AiContext, input: EnrolFacecam, signal: AbortSignal): Promise<number> {
  if (input.consentEpoch <= (await findErasedEpoch(ctx.db, input.memberId))) refuse('CONSENT_WITHDRAWN');
  if ((await listTemplatesByFacecam(ctx.db, input.facecamId)).length === 0) await makeTemplate(ctx, input, signal);
  // The template stands committed: photos from here on find it, and this search finds all that are there already.
  await matchFacecam(ctx.db, input);
  return tellMatches(ctx, input.memberId, input.facecamId);
}

async function makeTemplate(ctx: AiContext, input: EnrolFacecam, signal: AbortSignal): Promise<void> {
  const { selfieKey, ...facecam } = input;
  const packId = await ctx.analyser.engines.packId();
  const analysis = await ctx.analyser
    .run('selfies', signal, async (analyse) => analyse(await ctx.objects.read({ bucket: 'selfies', key: selfieKey })))
    .catch(refuseFaultyImage);
  const verdict = judgeSelfie(analysis);
  if (!verdict.ok) refuse('FACECAM_REJECTED', { rejection: verdict.reason });
  await storeTemplate(ctx.db, { ...facecam, packId, embedding: verdict.face.embedding }, ctx.clock.now());
}

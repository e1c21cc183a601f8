import { refuse } from '@kilas/messages/refuse.ts';
import type { AiContext } from '../context.ts';
import { matchFacecam } from '../matching/match-facecam.ts';
import { tellMatches } from '../matching/tell-photo.ts';
import { findErasedEpoch } from '../members/member-store.ts';
import type { SelfieCheck } from './facecam.ts';
import { lookAtSelfie } from './look-at-selfie.ts';
import { storeTemplate } from './store-template.ts';
import { findSelfieCheck, listTemplatesByFacecam } from './template-store.ts';

export interface EnrolFacecam {
  readonly memberId: string;
  readonly facecamId: string;
  readonly consentEpoch: number;
  readonly selfieKey: string;
}

/**
 * Makes a facecam's template, finds the photos already there and tells photo; answers how many rest on this facecam, and what
 * the selfie was found to be. May run again after any step, and needs the selfie only until the template exists. Refuses with CONSENT_WITHDRAWN,
 * FACECAM_FORGOTTEN, FACECAM_MISMATCH, FACECAM_REJECTED, IMAGE_BROKEN, IMAGE_TOO_LARGE, AI_BUSY.
 */
export async function enrolFacecam(
  ctx: AiContext,
  input: EnrolFacecam,
  signal: AbortSignal,
): Promise<{ matchCount: number } & Partial<SelfieCheck>> {
  if (input.consentEpoch <= (await findErasedEpoch(ctx.db, input.memberId))) refuse('CONSENT_WITHDRAWN');
  if ((await listTemplatesByFacecam(ctx.db, input.facecamId)).length === 0) await makeTemplate(ctx, input, signal);
  // The template stands committed: photos from here on find it, and this search finds all that are there already.
  await matchFacecam(ctx.db, input);
  const matchCount = await tellMatches(ctx, input.memberId, input.facecamId);
  return { matchCount, ...(await findSelfieCheck(ctx.db, input.facecamId)) };
}

async function makeTemplate(ctx: AiContext, input: EnrolFacecam, signal: AbortSignal): Promise<void> {
  const { selfieKey, ...facecam } = input;
  const packId = await ctx.analyser.engines.packId();
  const look = await lookAtSelfie(ctx, signal, () => ctx.objects.read({ bucket: 'selfies', key: selfieKey }));
  if (!look.ok) refuse('FACECAM_REJECTED', { rejection: look.rejection });
  const { embedding, quality } = look.face;
  const check = { quality: quality.quality, ...look.liveness };
  await storeTemplate(ctx.db, { ...facecam, packId, embedding, check }, ctx.clock.now());
}

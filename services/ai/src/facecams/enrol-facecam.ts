import { judgeSelfie } from '@kilas/face-engine/selfies/judge-selfie.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import type { AiContext } from '../context.ts';
import { matchFacecam } from '../matching/match-facecam.ts';
import { tellMatches, tellRivals } from '../matching/tell-photo.ts';
import { findErasedEpoch } from '../members/member-store.ts';
import {
  findSelfieCheck,
  listTemplatesByFacecam,
  listTemplatesByMember,
  type NewTemplate,
  type SelfieCheck,
} from '../templates/template-store.ts';
import { endDoubtfulFaces } from './end-confirmed-faces.ts';
import { listAlikeMembers } from './list-alike-members.ts';
import { lookAtSelfie } from './look-at-selfie.ts';
import { storeTemplates } from './store-templates.ts';

/** Until a replica is likely to have been started anew. */
const retryAfterSeconds = '30';

export interface EnrolFacecam {
  readonly memberId: string;
  readonly facecamId: string;
  readonly consentEpoch: number;
  readonly selfieKey: string;
  /** The pack that must know the facecam: replicas may have been started with different ones. */
  readonly packId?: string | undefined;
  readonly provenLive?: boolean;
}

/**
 * Makes a facecam's template, finds the photos already there and tells photo; answers how many rest on this facecam, what
 * the selfie was found to be, and which other members are enrolled with a face so like it. May run again after any step, and needs the selfie only until the templates exist. Refuses with CONSENT_WITHDRAWN,
 * FACECAM_FORGOTTEN, FACECAM_MISMATCH, FACECAM_REJECTED, IMAGE_BROKEN, IMAGE_TOO_LARGE, IMAGE_QUARANTINED, AI_BUSY.
 */
export async function enrolFacecam(
  ctx: AiContext,
  input: EnrolFacecam,
  signal: AbortSignal,
): Promise<{ matchCount: number; alikeMemberIds: string[] } & Partial<SelfieCheck>> {
  if (input.packId !== undefined && input.packId !== ctx.packs.currentId) refuse('AI_BUSY', { retryAfterSeconds });
  if (input.consentEpoch <= (await findErasedEpoch(ctx.db, input.memberId))) refuse('CONSENT_WITHDRAWN');
  const known = await listTemplatesByFacecam(ctx.db, input.facecamId);
  if (!known.some(({ packId }) => packId === ctx.packs.currentId)) await makeTemplates(ctx, input, signal);
  // The template stands committed: photos from here on find it, and this search finds all that are there already.
  await matchFacecam(ctx.db, input);
  await endDoubtfulFaces(ctx, input.memberId);
  const matchCount = await tellMatches(ctx, input.memberId, input.facecamId);
  await tellRivals(ctx, input);
  // What the member's other facecams found is judged by one trial more from now on.
  const others = await listTemplatesByMember(ctx.db, input.memberId);
  if (others.some(({ facecamId }) => facecamId !== input.facecamId)) await tellMatches(ctx, input.memberId);
  const alikeMemberIds = await listAlikeMembers(ctx.db, input.facecamId);
  return { matchCount, alikeMemberIds, ...(await findSelfieCheck(ctx.db, input.facecamId)) };
}

/** One under each pack in force. What the pack that counts lets in and the older one does not has no template under that one. */
async function makeTemplates(ctx: AiContext, input: EnrolFacecam, signal: AbortSignal): Promise<void> {
  const { selfieKey, memberId, facecamId, consentEpoch, provenLive = false } = input;
  const facecam = { memberId, facecamId, consentEpoch, provenLive };
  const read = () => ctx.objects.read({ bucket: 'selfies', key: selfieKey });
  const { currentId } = ctx.packs;
  const thing = `facecam/${facecamId}` as const;
  const look = await lookAtSelfie(ctx, signal, { memberId, thing, read, keepsLiveness: true });
  if (!look.ok) refuse('FACECAM_REJECTED', { rejection: look.rejection });
  const { embedding, quality } = look.face;
  const check = look.liveness && { check: { quality: quality.quality, ...look.liveness } };
  const templates: NewTemplate[] = [{ ...facecam, packId: currentId, embedding, ...check }];
  for (const packId of ctx.packs.ids().filter((id) => id !== currentId)) {
    const turn = { line: 'selfies', whose: memberId, thing, signal } as const;
    const analysis = await ctx.analyser.run(turn, async (analyse) => analyse(await read(), packId));
    const verdict = judgeSelfie(analysis);
    if (verdict.ok) templates.push({ ...facecam, packId, embedding: verdict.face.embedding });
  }
  await storeTemplates(ctx.db, templates, ctx.clock.now());
}

import type { Db } from '@kilas/platform/db.ts';
import { transact } from '@kilas/platform/transact.ts';
import type { AiContext } from '../context.ts';
import type { AiSchema } from '../db/schema.ts';
import { type ProposedFaces, upsertMatchesOfFacecam } from '../matching/match-store.ts';
import { proposeFaces } from '../matching/propose.ts';
import { tellForgotten, tellMatches } from '../matching/tell-photo.ts';
import { lockMember } from '../members/member-store.ts';
import { deleteTemplates, insertForgottenFacecam, listTemplatesByMember } from './template-store.ts';

/**
 * Takes a facecam away for good, also from an enrolment under way. Photos found by it stay found where another facecam of the
 * member finds them too. May run again after any step.
 */
export async function forgetFacecam(ctx: AiContext, facecam: { memberId: string; facecamId: string }): Promise<void> {
  const proposed = new Map<string, ProposedFaces>();
  for (const facecamId of await listFacecams(ctx.db, facecam.memberId)) {
    proposed.set(facecamId, await proposeFaces(ctx.db, facecamId));
  }
  await transact(ctx.db, async (tx) => {
    await lockMember(tx, facecam.memberId);
    await insertForgottenFacecam(tx, facecam, ctx.clock.now());
    await deleteTemplates(tx, facecam.facecamId, facecam.memberId);
    for (const facecamId of await listFacecams(tx, facecam.memberId)) {
      await upsertMatchesOfFacecam(tx, facecamId, proposed.get(facecamId));
    }
  });
  await tellForgotten(ctx, facecam);
  await tellMatches(ctx, facecam.memberId);
}

async function listFacecams(db: Db<AiSchema>, memberId: string): Promise<ReadonlySet<string>> {
  return new Set((await listTemplatesByMember(db, memberId)).map(({ facecamId }) => facecamId));
}

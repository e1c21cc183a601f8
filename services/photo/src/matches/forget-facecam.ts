import { transact } from '@kilas/platform/db/transact.ts';
import { deleteUnfounded } from '../collections/collection-store.ts';
import type { PhotoContext } from '../context.ts';
import { lockErasedEpochs } from '../members/member-store.ts';
import { deleteMatchesOfFacecam, insertForgottenFacecam } from './match-store.ts';

/**
 * Removes for good the matches that a facecam found and the member did not confirm, and the rows of their lists that only these matches founded.
 * Later messages about the facecam are dropped.
 */
export async function forgetFacecam(
  ctx: PhotoContext,
  facecam: { memberId: string; facecamId: string },
): Promise<void> {
  await transact(ctx.db, async (tx) => {
    await lockErasedEpochs(tx, [facecam.memberId]);
    await insertForgottenFacecam(tx, facecam);
    await deleteMatchesOfFacecam(tx, facecam);
    await deleteUnfounded(tx, facecam.memberId);
  });
}

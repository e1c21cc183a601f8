import type { Db } from '@kilas/platform/db/database.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { Kysely, Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { type ProposedFaces, upsertMatchesOfFacecam } from '../matching/match-store.ts';
import { proposeFaces } from '../matching/propose.ts';
import { lockMember } from '../members/member-store.ts';
import { updateLikenesses } from '../templates/likeness-store.ts';
import { listTemplatesByMember } from '../templates/template-store.ts';

/**
 * Takes templates of a member away, under the member's lock, and searches with those that stay: what only the others found is found no
 * more.
 */
export async function takeAway(
  db: Kysely<AiSchema>,
  memberId: string,
  remove: (tx: Transaction<AiSchema>) => Promise<void>,
): Promise<void> {
  const proposed = new Map<string, ProposedFaces>();
  for (const facecamId of await listFacecams(db, memberId)) proposed.set(facecamId, await proposeFaces(db, facecamId));
  await transact(db, async (tx) => {
    await lockMember(tx, memberId);
    await remove(tx);
    await updateLikenesses(tx, memberId);
    for (const facecamId of await listFacecams(tx, memberId)) {
      await upsertMatchesOfFacecam(tx, facecamId, proposed.get(facecamId));
    }
  });
}

async function listFacecams(db: Db<AiSchema>, memberId: string): Promise<ReadonlySet<string>> {
  return new Set((await listTemplatesByMember(db, memberId)).map(({ facecamId }) => facecamId));
}

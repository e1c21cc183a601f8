import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { Kysely, Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { lockMember } from '../members/member-store.ts';
import { listTemplatesByFacecam, listTemplatesByMember } from '../templates/template-store.ts';
import { upsertMatchesOfFacecam } from './match-store.ts';
import { proposeFaces } from './propose.ts';

/**
 * Searches all photos for the face of an enrolled facecam, under each pack by itself, and writes the matches, in a snapshot taken after the template was
 * committed. Refuses with CONSENT_WITHDRAWN or FACECAM_FORGOTTEN when the template went meanwhile.
 */
export async function matchFacecam(
  db: Kysely<AiSchema>,
  facecam: { memberId: string; facecamId: string; consentEpoch: number },
): Promise<void> {
  await searchBy(db, facecam.facecamId, async (tx) => {
    const erasedEpoch = await lockMember(tx, facecam.memberId);
    if (facecam.consentEpoch <= erasedEpoch) refuse('CONSENT_WITHDRAWN');
    const templates = await listTemplatesByFacecam(tx, facecam.facecamId);
    if (!templates.some(({ memberId }) => memberId === facecam.memberId)) refuse('FACECAM_FORGOTTEN');
  });
}

/** Searches all photos for a member by what facecams they have, and writes the matches; nothing for one who has none. */
export async function matchMember(db: Kysely<AiSchema>, memberId: string): Promise<void> {
  for (const facecamId of new Set((await listTemplatesByMember(db, memberId)).map((template) => template.facecamId))) {
    await searchBy(db, facecamId, (tx) => lockMember(tx, memberId));
  }
}

/** `lock` locks the member, and refuses when the search is not to be. A facecam that does not lead finds nothing. */
async function searchBy(
  db: Kysely<AiSchema>,
  facecamId: string,
  lock: (tx: Transaction<AiSchema>) => Promise<unknown>,
): Promise<void> {
  const proposed = await proposeFaces(db, facecamId);
  await transact(db, async (tx) => {
    await lock(tx);
    await upsertMatchesOfFacecam(tx, facecamId, proposed);
  });
}

import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/transact.ts';
import type { Kysely } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { listTemplatesByFacecam } from '../facecams/template-store.ts';
import { lockMember } from '../members/member-store.ts';
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
  const proposed = await proposeFaces(db, facecam.facecamId);
  await transact(db, async (tx) => {
    const erasedEpoch = await lockMember(tx, facecam.memberId);
    if (facecam.consentEpoch <= erasedEpoch) refuse('CONSENT_WITHDRAWN');
    const templates = await listTemplatesByFacecam(tx, facecam.facecamId);
    if (!templates.some(({ memberId }) => memberId === facecam.memberId)) refuse('FACECAM_FORGOTTEN');
    await upsertMatchesOfFacecam(tx, facecam.facecamId, proposed);
  });
}

import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/transact.ts';
import type { Kysely } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { lockMember } from '../members/member-store.ts';
import { samePersonDistanceMax } from './facecam.ts';
import {
  findFarthestDistance,
  insertTemplate,
  isForgotten,
  listTemplatesByFacecam,
  type NewTemplate,
} from './template-store.ts';

/**
 * Stores a template once per pack, under the member's lock: refuses with CONSENT_WITHDRAWN or FACECAM_FORGOTTEN when either happened
 * while the selfie was looked at, with FACECAM_MISMATCH when it shows someone other than the member's other facecams.
 */
export async function storeTemplate(db: Kysely<AiSchema>, template: NewTemplate, now: Date): Promise<void> {
  await transact(db, async (tx) => {
    const erasedEpoch = await lockMember(tx, template.memberId);
    if (template.consentEpoch <= erasedEpoch) refuse('CONSENT_WITHDRAWN');
    if (await isForgotten(tx, template)) refuse('FACECAM_FORGOTTEN');
    const known = await listTemplatesByFacecam(tx, template.facecamId);
    if (known.some(({ packId }) => packId === template.packId)) return;
    if ((await findFarthestDistance(tx, template)) > samePersonDistanceMax) refuse('FACECAM_MISMATCH');
    await insertTemplate(tx, template, now);
  });
}

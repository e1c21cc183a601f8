import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { Kysely, Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { lockMember } from '../members/member-store.ts';
import { updateLikenesses } from '../templates/likeness-store.ts';
import { insertTemplate, isForgotten, listTemplatesByFacecam, type NewTemplate } from '../templates/template-store.ts';
import { isSamePerson } from './is-same-person.ts';

/**
 * Stores the templates of a facecam, once per pack and all of them or none, under the member's lock: refuses with
 * CONSENT_WITHDRAWN or FACECAM_FORGOTTEN when either happened while the selfie was looked at, with FACECAM_MISMATCH when it shows
 * someone other than the member's other facecams.
 */
export async function storeTemplates(
  db: Kysely<AiSchema>,
  templates: readonly NewTemplate[],
  now: Date,
): Promise<void> {
  await transact(db, async (tx) => {
    for (const template of templates) await storeOne(tx, template, now);
  });
}

async function storeOne(tx: Transaction<AiSchema>, template: NewTemplate, now: Date): Promise<void> {
  const erasedEpoch = await lockMember(tx, template.memberId);
  if (template.consentEpoch <= erasedEpoch) refuse('CONSENT_WITHDRAWN');
  if (await isForgotten(tx, template)) refuse('FACECAM_FORGOTTEN');
  const known = await listTemplatesByFacecam(tx, template.facecamId);
  if (known.some(({ packId }) => packId === template.packId)) return;
  if (!(await isSamePerson(tx, template))) refuse('FACECAM_MISMATCH');
  await insertTemplate(tx, template, now);
  await updateLikenesses(tx, template.memberId);
}

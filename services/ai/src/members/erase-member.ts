import type { Effects } from '@kilas/platform/events.ts';
import type { Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { deleteTemplatesUpTo } from '../facecams/template-store.ts';
import { deleteFacesMatchedTo } from '../faces/face-store.ts';
import { lockMember, updateErasedEpoch } from './member-store.ts';

/**
 * Erases a member up to a consent epoch: templates, matches, and the face rows in photos that were matched to them. Whatever
 * is under way for that epoch finds the tombstone and writes nothing back.
 */
export async function eraseMember(
  tx: Transaction<AiSchema>,
  { memberId, epoch }: { memberId: string; epoch: number },
): Promise<Effects> {
  await lockMember(tx, memberId);
  await updateErasedEpoch(tx, memberId, epoch);
  const faces = await deleteFacesMatchedTo(tx, memberId, epoch);
  const templates = await deleteTemplatesUpTo(tx, memberId, epoch);
  return { templates, faces };
}

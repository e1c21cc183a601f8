import type { Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import type { ErasedVector } from '../erasures/erased-vector.ts';
import { listConfirmedFaces } from '../facecams/confirmed-store.ts';
import { updateLikenesses } from '../facecams/likeness-store.ts';
import { deleteTemplatesUpTo, type ErasedTemplate } from '../facecams/template-store.ts';
import { deleteFaces, deleteFacesSeenBefore } from '../faces/erase-faces.ts';
import { markTypicalFacesStale } from '../typical-faces/typical-face-store.ts';
import { countMatchesUpTo, listClaims } from './claim-store.ts';
import { listTheirFaces } from './list-their-faces.ts';
import { lockMember, updateErasedEpoch } from './member-store.ts';

export interface ErasedMember {
  readonly templates: readonly ErasedTemplate[];
  readonly faces: readonly ErasedVector[];
  readonly matchCount: number;
}

/**
 * Erases a member up to a consent epoch: templates, all matches, and of the faces in photos that were matched to them those
 * that they were ever shown as theirs (`listTheirFaces`) or that were made a template of theirs. Whatever is under way for that epoch finds the tombstone and writes nothing back.
 */
export async function eraseMember(
  tx: Transaction<AiSchema>,
  { memberId, epoch, loosestLevel = 0 }: { memberId: string; epoch: number; loosestLevel?: number },
): Promise<ErasedMember> {
  await lockMember(tx, memberId);
  await updateErasedEpoch(tx, memberId, epoch);
  const matchCount = await countMatchesUpTo(tx, memberId, epoch);
  const likely = await listTheirFaces(tx, await listClaims(tx, memberId, epoch), { loosestLevel });
  const theirs = [...new Set([...likely, ...(await listConfirmedFaces(tx, memberId, epoch))])];
  const faces = [
    ...(await deleteFaces(tx, theirs, [memberId])),
    ...(await deleteFacesSeenBefore(tx, { memberId, epoch, loosestLevel })),
  ];
  const templates = await deleteTemplatesUpTo(tx, memberId, epoch);
  await updateLikenesses(tx, memberId);
  await markTypicalFacesStale(tx, faces);
  return { templates, faces, matchCount };
}

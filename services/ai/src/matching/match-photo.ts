import { transact } from '@kilas/platform/transact.ts';
import type { Kysely } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { deleteFaces } from '../faces/erase-faces.ts';
import { listTheirFaces } from '../members/list-their-faces.ts';
import { lockMembers } from '../members/member-store.ts';
import { markTypicalFacesStale } from '../typical-faces/typical-face-store.ts';
import { type Candidate, findCandidatesByPhoto, upsertMatches } from './match-store.ts';

/** Searches everyone enrolled for the stored faces of a photo, in a snapshot taken after those were committed. */
export async function matchPhoto(db: Kysely<AiSchema>, photoId: string): Promise<void> {
  await recordCandidates(db, await findCandidatesByPhoto(db, photoId));
}

/**
 * Writes the matches of members whose consent still stands. Of one who withdrew it since the search, the faces that are likely
 * theirs go as well: the erasure could not know them yet.
 */
export async function recordCandidates(db: Kysely<AiSchema>, candidates: readonly Candidate[]): Promise<void> {
  if (candidates.length === 0) return;
  await transact(db, async (tx) => {
    const erasedEpochs = await lockMembers(
      tx,
      candidates.map(({ memberId }) => memberId),
    );
    const isWithdrawn = ({ memberId, consentEpoch }: Candidate) => consentEpoch <= (erasedEpochs.get(memberId) ?? 0);
    const standing = candidates.filter((candidate) => !isWithdrawn(candidate));
    const withdrawn = candidates.filter(isWithdrawn);
    const memberIds = withdrawn.map(({ memberId }) => memberId);
    const erased = await deleteFaces(tx, await listTheirFaces(tx, withdrawn, { rivals: standing }), memberIds);
    await upsertMatches(tx, standing);
    await markTypicalFacesStale(tx, erased);
  });
}

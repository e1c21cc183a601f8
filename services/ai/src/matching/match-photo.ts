import { transact } from '@kilas/platform/db/transact.ts';
import type { Kysely } from 'kysely';
import { cutOffUntil } from '../claims/cut-off.ts';
import { giveUpPlaces } from '../claims/give-up-places.ts';
import { judgeClaims } from '../claims/judge-claims.ts';
import type { AiSchema } from '../db/schema.ts';
import { listPlacesOfFaces } from '../faces/place-store.ts';
import { lockMembers } from '../members/member-store.ts';
import { type Candidate, findCandidatesByPhoto, upsertMatches } from './match-store.ts';

/** Searches everyone enrolled for the stored faces of a photo, in a snapshot taken after those were committed. */
export async function matchPhoto(db: Kysely<AiSchema>, photoId: string, now: Date): Promise<void> {
  await recordCandidates(db, await findCandidatesByPhoto(db, photoId), now);
}

/**
 * Writes the matches of members whose consent still holds. If a member withdrew it since the search, this also gives up the faces that are likely
 * theirs, because the erasure could not know them yet. The proof of a live person went with the templates, so these faces wait.
 */
export async function recordCandidates(
  db: Kysely<AiSchema>,
  candidates: readonly Candidate[],
  now: Date,
): Promise<void> {
  if (candidates.length === 0) return;
  await transact(db, async (tx) => {
    const erasedEpochs = await lockMembers(
      tx,
      candidates.map(({ memberId }) => memberId),
    );
    const isWithdrawn = ({ memberId, consentEpoch }: Candidate) => consentEpoch <= (erasedEpochs.get(memberId) ?? 0);
    await upsertMatches(
      tx,
      candidates.filter((candidate) => !isWithdrawn(candidate)),
    );
    const claims = await judgeClaims(tx, candidates.filter(isWithdrawn));
    const theirs = claims.filter(({ wasShownByDefault }) => wasShownByDefault);
    const found = await listPlacesOfFaces(
      tx,
      theirs.map(({ faceId }) => faceId),
    );
    const places = found.map(({ face_id, ...place }) => {
      return { ...place, isProven: false, claims: theirs.filter(({ faceId }) => faceId === face_id) };
    });
    await giveUpPlaces(tx, places, cutOffUntil(now, now));
  });
}

import type { Transaction } from 'kysely';
import { type Claim, countMatchesUpTo, listClaims } from '../claims/claim-store.ts';
import { type GivenUp, giveUpPlaces, type TheirPlace } from '../claims/give-up-places.ts';
import { claimKey, judgeClaims, listProven, wasShown } from '../claims/judge-claims.ts';
import type { AiSchema } from '../db/schema.ts';
import { listPlacesOfFaces } from '../faces/place-store.ts';
import { deletePlacesSeenBefore } from '../faces/shown-place-store.ts';
import { lockMember, updateErasedEpoch } from '../members/member-store.ts';
import { listConfirmedFaces } from '../templates/confirmed-store.ts';
import { updateLikenesses } from '../templates/likeness-store.ts';
import { deleteTemplatesUpTo, type ErasedTemplate } from '../templates/template-store.ts';

export interface Withdrawal {
  readonly memberId: string;
  readonly epoch: number;
  /** The loosest level that the member ever chose, 0 for none. */
  readonly loosestLevel?: number;
}

export interface ErasedMember extends GivenUp {
  readonly templates: readonly ErasedTemplate[];
  readonly matchCount: number;
}

/**
 * Erases a member up to a consent epoch: templates, all matches, and, as `giveUpPlaces` says, of the faces in photos that were matched to them those
 * that they were ever shown as theirs or that were made a template of theirs. Those that are not proven wait until `until`. Whatever is under way
 * for that epoch finds the tombstone and writes nothing back.
 */
export async function eraseMember(
  tx: Transaction<AiSchema>,
  withdrawal: Withdrawal,
  until: Date,
): Promise<ErasedMember> {
  await lockMember(tx, withdrawal.memberId);
  await updateErasedEpoch(tx, withdrawal.memberId, withdrawal.epoch);
  return eraseFaces(tx, withdrawal, until);
}

/** As eraseMember, and leaves no tombstone. The caller has locked the member. */
export async function eraseFaces(
  tx: Transaction<AiSchema>,
  { memberId, epoch, loosestLevel = 0 }: Withdrawal,
  until: Date,
): Promise<ErasedMember> {
  const matchCount = await countMatchesUpTo(tx, memberId, epoch);
  const claims = await listClaims(tx, memberId, epoch);
  const shown = (await judgeClaims(tx, claims)).filter((claim) => wasShown(claim, loosestLevel));
  const confirmed = await listConfirmedFaces(tx, memberId, epoch);
  const theirs = [...new Set([...shown.map(({ faceId }) => faceId), ...confirmed])];
  const seenNow = await listTheirPlaces(tx, memberId, theirs, claims);
  const seenBefore = await deletePlacesSeenBefore(tx, { memberId, epoch, loosestLevel });
  const places = [...seenNow, ...seenBefore.map((place) => ({ ...place, claims: [] }))];
  const templates = await deleteTemplatesUpTo(tx, memberId, epoch);
  await updateLikenesses(tx, memberId);
  return { templates, matchCount, ...(await giveUpPlaces(tx, places, until)) };
}

async function listTheirPlaces(
  tx: Transaction<AiSchema>,
  memberId: string,
  faceIds: readonly string[],
  claims: readonly Claim[],
): Promise<TheirPlace[]> {
  const proven = await listProven(
    tx,
    faceIds.map((faceId) => ({ faceId, memberId })),
  );
  const claimOn = new Map(claims.map((claim) => [claim.faceId, claim]));
  return (await listPlacesOfFaces(tx, faceIds)).map(({ face_id: faceId, ...place }) => {
    const claim = claimOn.get(faceId);
    return {
      ...place,
      isProven: proven.has(claimKey({ faceId, memberId })),
      claims: claim === undefined ? [] : [claim],
    };
  });
}

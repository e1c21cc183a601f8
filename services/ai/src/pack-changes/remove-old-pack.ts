import { transact } from '@kilas/platform/db/transact.ts';
import type { Kysely } from 'kysely';
import { claimKey, judgeClaims, listProven } from '../claims/judge-claims.ts';
import type { AiSchema } from '../db/schema.ts';
import { deleteFacesOfPack, deleteRecognitionsOfPack, lockRecognitions } from '../faces/face-store.ts';
import { keepPlaces } from '../faces/shown-place-store.ts';
import { lockMembers } from '../members/member-store.ts';
import { deleteTemplatesOfPack } from '../templates/template-store.ts';
import { deleteTypicalFace } from '../typical-faces/typical-face-store.ts';
import {
  listClaimsIn,
  listMembersMatchedIn,
  listPhotosSeenTwice,
  listPhotosWithFacesOf,
  type PackChange,
} from './change-store.ts';

/** Photos or templates that go in one transaction. */
const removedMax = 100;

/**
 * Removes a bounded number of rows of a pack whose time is over. Answers how many photos or templates that were, and 0 when only the list of photos
 * is left that the new pack has not seen yet. The places where the pack found members stay, so that their withdrawal finds them.
 */
export async function removeOldPack(db: Kysely<AiSchema>, change: PackChange): Promise<number> {
  const { packId, oldPackId } = change;
  const seenTwice = await listPhotosSeenTwice(db, change, removedMax);
  if (seenTwice.length > 0) {
    await removeFrom(db, seenTwice, { ofPack: oldPackId, underPack: packId });
    return seenTwice.length;
  }
  const waiting = await listPhotosWithFacesOf(db, oldPackId, removedMax);
  if (waiting.length > 0) {
    await removeFrom(db, waiting, { ofPack: oldPackId, underPack: oldPackId });
    return waiting.length;
  }
  // Last, since the matches rest on them.
  const removed = await deleteTemplatesOfPack(db, oldPackId, removedMax);
  // It is a mean of faces that are gone, and nobody makes it anew.
  if (removed === 0) await deleteTypicalFace(db, oldPackId);
  return removed;
}

async function removeFrom(
  db: Kysely<AiSchema>,
  photoIds: readonly string[],
  packs: { ofPack: string; underPack: string },
): Promise<void> {
  await transact(db, async (tx) => {
    const memberIds = await listMembersMatchedIn(tx, photoIds, packs.ofPack);
    if (memberIds.length > 0) await lockMembers(tx, memberIds);
    for (const photoId of photoIds) await lockRecognitions(tx, photoId);
    const claims = await judgeClaims(tx, await listClaimsIn(tx, photoIds, packs.ofPack));
    const proven = await listProven(tx, claims);
    const theirs = claims.map(({ faceId, memberId, level, wasShownByDefault }) => ({
      faceId,
      memberId,
      level: wasShownByDefault ? null : level,
      provenLive: proven.has(claimKey({ faceId, memberId })),
    }));
    await keepPlaces(tx, photoIds, theirs, packs);
    if (packs.ofPack === packs.underPack) await deleteFacesOfPack(tx, photoIds, packs.ofPack);
    else await deleteRecognitionsOfPack(tx, photoIds, packs.ofPack);
  });
}

import type { Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import type { ErasedVector } from '../erasures/erased-vector.ts';
import { isSamePlace } from '../faces/face-box.ts';
import type { Place } from '../faces/place-sql.ts';
import { deleteFacesAt, lockFacesAt } from '../faces/place-store.ts';
import { listPlacesShownBefore } from '../faces/shown-place-store.ts';
import { markTypicalFacesStale } from '../typical-faces/typical-face-store.ts';
import { type Claim, listClaimsOnFaces } from './claim-store.ts';
import { upsertCutOffPlaces } from './cut-off-store.ts';
import { judgeClaims } from './judge-claims.ts';

/** A place that was taken for that of a member who withdraws. */
export interface TheirPlace extends Place {
  /** Whether a facecam that was proven live found them there. */
  readonly isProven: boolean;
  /** By which faces they were found, and how nearly. */
  readonly claims: readonly Pick<Claim, 'faceId' | 'distance'>[];
}

export interface GivenUp {
  readonly faces: readonly ErasedVector[];
  /** Faces that wait until another member is found by them, or their time comes. */
  readonly cutOffCount: number;
}

/**
 * Gives up the faces that were taken for those of members who withdraw; their own templates and matches are deleted by now. A face that somebody
 * else holds stays. Of the other faces, those of an enrolment that was proven live go at once. The rest wait until `until`, because somebody who
 * enrols a picture of another person and withdraws must not erase that person's faces.
 */
export async function giveUpPlaces(
  tx: Transaction<AiSchema>,
  places: readonly TheirPlace[],
  until: Date,
): Promise<GivenUp> {
  const free = await dropHeld(tx, mergePlaces(places));
  const faces = await deleteFacesAt(
    tx,
    free.filter(({ isProven }) => isProven),
  );
  const cutOff = free.filter(({ isProven }) => !isProven);
  await upsertCutOffPlaces(tx, cutOff, until);
  await markTypicalFacesStale(tx, faces);
  return { faces, cutOffCount: cutOff.length };
}

/**
 * Those of the places that no member holds: nobody else was ever shown a face there by default, under any pack, and nobody else is as near to it as
 * the member who gives it up. Locks their faces until the transaction ends, so that no search finds anybody by them meanwhile.
 */
export async function dropHeld<Given extends Place & Partial<Pick<TheirPlace, 'claims'>>>(
  tx: Transaction<AiSchema>,
  places: readonly Given[],
): Promise<Given[]> {
  const faces = await lockFacesAt(tx, places);
  const held = new Set(await listPlacesShownBefore(tx, places));
  const others = await judgeClaims(
    tx,
    await listClaimsOnFaces(
      tx,
      faces.map(({ faceId }) => faceId),
    ),
  );
  const claimsOn = Map.groupBy(others, ({ faceId }) => faceId);
  for (const { faceId, place } of faces) {
    const own = places[place]?.claims?.find((claim) => claim.faceId === faceId);
    const isHeld = claimsOn
      .get(faceId)
      ?.some(({ wasShownByDefault, distance }) => wasShownByDefault || (own !== undefined && distance <= own.distance));
    if (isHeld === true) held.add(place);
  }
  return places.filter((_, position) => !held.has(position));
}

/** One face is seen by several packs, and was by others that are gone. */
function mergePlaces(places: readonly TheirPlace[]): TheirPlace[] {
  const merged: TheirPlace[] = [];
  for (const ofPhoto of Map.groupBy(places, ({ photo_id }) => photo_id).values()) {
    const kept: TheirPlace[] = [];
    for (const place of ofPhoto) {
      const at = kept.findIndex((other) => isSamePlace(boxOf(other), boxOf(place)));
      const known = kept[at];
      if (known === undefined) kept.push(place);
      else {
        const claims = [...known.claims, ...place.claims];
        kept[at] = { ...known, isProven: known.isProven || place.isProven, claims };
      }
    }
    merged.push(...kept);
  }
  return merged;
}

function boxOf({ box_left, box_top, box_width, box_height }: Place) {
  return { left: box_left, top: box_top, width: box_width, height: box_height };
}

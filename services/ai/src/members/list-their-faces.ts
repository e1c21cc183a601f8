import type { Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import type { Calibration } from '../inference/calibration.ts';
import { isWithinDefaultCut } from '../matching/default-cut.ts';
import { listCalibrations } from '../packs/pack-store.ts';
import { type Claim, type ClaimedFace, listClaimedFaces } from './claim-store.ts';

/** A face whose other claimants are known without being written yet. */
export interface Rival {
  readonly faceId: string;
  readonly distance: number;
}

/**
 * Of faces that were taken for a member's, those that are likely theirs: near enough to be shown by default, and to no other
 * consenting member as near or nearer. The others are strangers' and stay nameless, whoever withdraws.
 */
export async function listTheirFaces(
  tx: Transaction<AiSchema>,
  claims: readonly Claim[],
  rivals: readonly Rival[] = [],
): Promise<string[]> {
  const faces = await listClaimedFaces(tx, claims);
  const calibrationOf = await listCalibrations(tx);
  const isRivalled = (face: ClaimedFace) =>
    rivals.some(({ faceId, distance }) => faceId === face.faceId && distance <= face.distance);
  return faces
    .filter((face) => isLikelyTheirs(face, calibrationOf(face.packId)) && !isRivalled(face))
    .map(({ faceId }) => faceId);
}

export function isLikelyTheirs(
  face: Pick<ClaimedFace, 'distance' | 'otherDistance' | 'galleryFaces'>,
  calibration: Calibration,
): boolean {
  const { distance, otherDistance, galleryFaces } = face;
  if (otherDistance !== null && otherDistance <= distance) return false;
  return isWithinDefaultCut(calibration, distance, galleryFaces);
}

import { type DefaultCut, isShownByDefault } from '@kilas/matching/default-cut.ts';
import type { Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import type { Calibration } from '../inference/calibration.ts';
import { matchAt } from '../matching/default-cut.ts';
import { listDefaultCuts } from '../matching/default-cut-store.ts';
import { listCalibrations } from '../packs/pack-store.ts';
import { type Claim, type ClaimedFace, listClaimedFaces } from './claim-store.ts';

/** A face whose other claimants are known without being written yet. */
export interface Rival {
  readonly faceId: string;
  readonly distance: number;
}

/** A face that was taken for a member's and for no other consenting member's as near or nearer. */
export interface TheirFace {
  readonly faceId: string;
  /** 1 (loosest) to 9 (strictest). */
  readonly level: number;
  /** Whether they were ever shown it without having chosen a level. */
  readonly wasShownByDefault: boolean;
}

/**
 * Of faces that were taken for a member's, those that they were ever shown, and that no other consenting member is as near or nearer
 * to. `loosestLevel`: the loosest level that the member ever chose, 0 for none. The others are strangers' and stay nameless, whoever withdraws.
 */
export async function listTheirFaces(
  tx: Transaction<AiSchema>,
  claims: readonly Claim[],
  { rivals = [], loosestLevel = 0 }: { rivals?: readonly Rival[]; loosestLevel?: number } = {},
): Promise<string[]> {
  const faces = await judgeClaims(tx, claims, rivals);
  return faces.filter((face) => wasShown(face, loosestLevel)).map(({ faceId }) => faceId);
}

/** As listTheirFaces, whatever was shown. */
export async function judgeClaims(
  tx: Transaction<AiSchema>,
  claims: readonly Claim[],
  rivals: readonly Rival[] = [],
): Promise<TheirFace[]> {
  const faces = await listClaimedFaces(tx, claims);
  const calibrationOf = await listCalibrations(tx);
  const cuts = await listDefaultCuts(tx);
  return faces
    .filter((face) => !isRivalled(face, rivals))
    .map((face) => judgeClaim(face, calibrationOf(face.packId), cuts));
}

export function wasShown({ level, wasShownByDefault }: TheirFace, loosestLevel: number): boolean {
  return wasShownByDefault || (loosestLevel > 0 && level >= loosestLevel);
}

function isRivalled({ faceId, distance, otherDistance }: ClaimedFace, rivals: readonly Rival[]): boolean {
  if (otherDistance !== null && otherDistance <= distance) return true;
  return rivals.some((rival) => rival.faceId === faceId && rival.distance <= distance);
}

/** One trial a face: whoever has several facecams had one at first. */
function judgeClaim(
  { faceId, distance, galleryFacesAtFirst }: ClaimedFace,
  calibration: Calibration,
  cuts: readonly DefaultCut[],
): TheirFace {
  const match = matchAt(calibration, distance);
  const wasShownByDefault = cuts.some((cut) => isShownByDefault(cut, match, galleryFacesAtFirst));
  return { faceId, level: match.level, wasShownByDefault };
}

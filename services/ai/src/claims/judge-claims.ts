import type { Calibration } from '@kilas/face-engine/distances/calibration.ts';
import { type DefaultCut, isShownByDefault } from '@kilas/matching/default-cut.ts';
import type { Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { matchAt } from '../distances/default-cut.ts';
import { listDefaultCuts } from '../distances/default-cut-store.ts';
import { listCalibrations } from '../packs/pack-store.ts';
import { type Claim, type ClaimedFace, listClaimedFaces, listProvenClaims } from './claim-store.ts';

/** A claim, and what the member was ever shown by it. */
export interface JudgedClaim extends Claim {
  /** 1 (loosest) to 9 (strictest). */
  readonly level: number;
  /** Whether they were ever shown the face without having chosen a level. */
  readonly wasShownByDefault: boolean;
}

/** Of faces that are still there. */
export async function judgeClaims(tx: Transaction<AiSchema>, claims: readonly Claim[]): Promise<JudgedClaim[]> {
  const faces = await listClaimedFaces(tx, claims);
  const calibrationOf = await listCalibrations(tx);
  const cuts = await listDefaultCuts(tx);
  return faces.map((face) => judgeClaim(face, calibrationOf(face.packId), cuts));
}

/** `loosestLevel`: the loosest level that the member ever chose, 0 for none. */
export function wasShown({ level, wasShownByDefault }: JudgedClaim, loosestLevel: number): boolean {
  return wasShownByDefault || (loosestLevel > 0 && level >= loosestLevel);
}

/** Those claims, by face and member, that a facecam which was proven live makes within the default cut. */
export async function listProven(
  tx: Transaction<AiSchema>,
  claims: readonly Pick<Claim, 'faceId' | 'memberId'>[],
): Promise<ReadonlySet<string>> {
  const judged = await judgeClaims(tx, await listProvenClaims(tx, claims));
  return new Set(judged.filter(({ wasShownByDefault }) => wasShownByDefault).map(claimKey));
}

export function claimKey({ faceId, memberId }: Pick<Claim, 'faceId' | 'memberId'>): string {
  return `${faceId} ${memberId}`;
}

/** One trial a face: whoever has several facecams had one at first. */
function judgeClaim(
  { faceId, memberId, distance, galleryFacesAtFirst }: ClaimedFace,
  calibration: Calibration,
  cuts: readonly DefaultCut[],
): JudgedClaim {
  const match = matchAt(calibration, distance);
  const wasShownByDefault = cuts.some((cut) => isShownByDefault(cut, match, galleryFacesAtFirst));
  return { faceId, memberId, distance, level: match.level, wasShownByDefault };
}

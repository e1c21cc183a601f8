import type { MessageInitShape } from '@bufbuild/protobuf';
import type { MatchSchema } from '@kilas/contracts/gen/kilas/photo/v1/match_service_pb.js';
import type { Calibration } from '@kilas/face-engine/distances/calibration.ts';
import { isWithinDefaultLevel, type JudgedCalibration, matchAt } from '../distances/default-cut.ts';
import type { FaceBox } from '../faces/face-box.ts';

/** A member in a photo: by which face, of which facecam. */
export interface FaceMatch {
  readonly photoId: string;
  readonly memberId: string;
  readonly facecamId: string;
  readonly packId: string;
  readonly consentEpoch: number;
  /** Normalised distance of the face and the likeness of the member's facecams. */
  readonly distance: number;
  readonly box: FaceBox;
  readonly quality: {
    readonly eyeDistancePx: number;
    readonly sharpness: number;
    readonly exposure: number;
    readonly overall?: number;
  };
  /** The member's templates under the pack, with each of which the face was compared. */
  readonly facecamCount: number;
  /** Whether the face may decide. */
  readonly isSureFace: boolean;
  /** Of the nearest other member who is found by this face; null without one. */
  readonly rivalDistance: number | null;
}

/**
 * What distances of twins to one face differ by at most, as a share of what the pack stores: half of the spread of strangers under the
 * default pack. A share of the cut and not of the spread, so that an installation's own calibration, which moves the spread, never shows
 * more people for twins.
 */
const twinsShare = 1 / 15;

/**
 * Two members who are about as near to one face may be twins: both are sure. A member who is farther away than the nearest by this distance or more
 * is more likely somebody who looks like them.
 */
export function twinsDistanceMax({ candidateDistanceMax }: Calibration): number {
  return twinsShare * candidateDistanceMax;
}

/**
 * Whether a match may be shown without asking: its face may decide, and it is not shown by default to somebody else who is clearly nearer. The rule
 * is applied at each telling, so when the other member leaves, this one becomes sure.
 */
export function isSureMatch(
  match: Pick<FaceMatch, 'isSureFace' | 'distance' | 'rivalDistance'>,
  calibration: JudgedCalibration,
): boolean {
  const { isSureFace, distance, rivalDistance } = match;
  if (!isSureFace) return false;
  if (rivalDistance === null || !isWithinDefaultLevel(calibration, rivalDistance)) return true;
  return distance - rivalDistance < twinsDistanceMax(calibration);
}

/** As photo is told it: with the level and the false-match rate of the distance, and whether to ask first. */
export function toMessage(
  { isSureFace, rivalDistance, ...match }: FaceMatch,
  calibrationOf: (packId: string) => JudgedCalibration,
): MessageInitShape<typeof MatchSchema> {
  const { distance, packId } = match;
  const calibration = calibrationOf(packId);
  return {
    ...match,
    ...matchAt(calibration, distance),
    isUnsure: !isSureMatch({ isSureFace, distance, rivalDistance }, calibration),
  };
}

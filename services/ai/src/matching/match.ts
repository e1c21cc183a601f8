import type { MessageInitShape } from '@bufbuild/protobuf';
import type { MatchSchema } from '@kilas/contracts/gen/kilas/photo/v1/match_service_pb.js';
import type { FaceBox } from '../faces/face.ts';
import type { Calibration } from '../inference/calibration.ts';
import { falseMatchRate, levelOf } from '../inference/level.ts';

/** A member in a photo: by which face, of which facecam. */
export interface FaceMatch {
  readonly photoId: string;
  readonly memberId: string;
  readonly facecamId: string;
  readonly packId: string;
  readonly consentEpoch: number;
  /** L2 distance of the two embeddings. */
  readonly distance: number;
  readonly box: FaceBox;
  readonly quality: {
    readonly eyeDistancePx: number;
    readonly sharpness: number;
    readonly exposure: number;
    readonly overall?: number;
  };
  /** The member's facecams under the pack, with each of which the face was compared. */
  readonly facecamCount: number;
}

/** As photo is told it: with the level and the false-match rate of the distance. */
export function toMessage(
  { packId, ...match }: FaceMatch,
  calibrationOf: (packId: string) => Calibration,
): MessageInitShape<typeof MatchSchema> {
  const { distance } = match;
  const calibration = calibrationOf(packId);
  return {
    ...match,
    level: levelOf(calibration, distance),
    falseMatchRate: falseMatchRate(calibration, distance),
  };
}

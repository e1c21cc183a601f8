import type { AnalysedFace } from '@kilas/face-engine/analysis/analyse-image.ts';
import { imprintOf, type Place } from '@kilas/face-engine/imprints/imprint.ts';
import { isSamePicture } from '@kilas/face-engine/imprints/same-picture.ts';
import type { AiContext } from '../context.ts';
import { vectorOf } from '../db/vector.ts';
import { farBeyondUsual } from '../distances/normalised-distance.ts';
import { listNearestFaces } from '../faces/imprint-store.ts';
import { proposeByVector, SURE_SHARE } from '../matching/propose.ts';
import { listCalibrations } from '../packs/pack-store.ts';

/** So many of the nearest faces are looked at. */
const facesMax = 300;

/**
 * L2 distance, as a share of that within which a member's selfies lie, within which a face without an imprint is taken for the one that a selfie
 * was cut from: one of two selfies that were taken one after the other in a thousand. A crop of a marked preview is farther off.
 */
const samePictureShare = 0.33;

/**
 * Whether a selfie was cropped from a photo whose faces are stored, whoever it shows. Faces that are farther off than any search finds
 * matter to nobody and are not looked at.
 */
export async function isFromAPhoto(
  { db, turning }: Pick<AiContext, 'db' | 'turning'>,
  packId: string,
  { embedding, luma }: Pick<AnalysedFace, 'embedding' | 'luma'>,
): Promise<boolean> {
  const { candidateDistanceMax, samePersonDistanceMax } = (await listCalibrations(db))(packId);
  const distanceMax = candidateDistanceMax + farBeyondUsual;
  const among = await proposeByVector(db, {
    packId,
    dimension: embedding.length,
    embedding: vectorOf(embedding),
    distanceMax,
    sureDistance: SURE_SHARE * candidateDistanceMax,
  });
  const near = await listNearestFaces(db, { packId, embedding }, { among, distanceMax, limit: facesMax });
  const isCopy = near.some(
    ({ imprints, distance }) => imprints.length === 0 && distance <= samePictureShare * samePersonDistanceMax,
  );
  if (isCopy) return true;
  const see = (place: Place) => turning.turnImprint(imprintOf(luma, place));
  return isSamePicture(
    see,
    near.flatMap(({ imprints }) => imprints),
  );
}

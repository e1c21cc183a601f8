import { setImmediate } from 'node:timers/promises';
import {
  distanceBetween,
  type PlacedFace,
  placeFace,
  type TypicalFace,
  typicalOf,
} from '@kilas/ai/distances/normalised-distance.ts';
import type { CrowdFaces } from './measure-faces.ts';

const FOLDS = 10;
/** Faces between two looks at the event loop. */
const facesPerBlock = 50;

/**
 * The faces of a crowd, each with what its distances are corrected by (`Face`). Absent where there is no face.
 */
export interface ComparedFaces<Face = PlacedFace> {
  /** For pairs of two portraits. */
  readonly portraits: readonly (Face | undefined)[];
  /** For pairs with a face of this group photo: nobody of its fold had a part in what either side is corrected by. */
  portraitsFor(photo: number): readonly (Face | undefined)[];
  readonly groupFaces: readonly Face[];
  /** A face that is made of several portraits. */
  place(embedding: Float32Array): Face;
  distance(a: Face, b: Face): number;
}

/** Corrects what one face's distances are by a cohort of others. */
type Place<Face> = (embedding: Float32Array) => Face;

interface FoldOptions {
  readonly stop: AbortSignal;
  onStep(what: string): void;
}

/** By the typical face that comes with the pack, as on a new installation; without one distances stay as they are. */
export function startingCohort({ portraits, groupFaces }: CrowdFaces, typical: TypicalFace | undefined): ComparedFaces {
  const place = (embedding: Float32Array) => placeFace(embedding, typical);
  const faces = portraits.map(({ face }) => face && place(face.embedding));
  const placed = groupFaces.map(({ face }) => place(face.embedding));
  return { portraits: faces, portraitsFor: () => faces, groupFaces: placed, place, distance: distanceBetween };
}

/** By the typical face of the crowd's own sure group faces, as on an installation that has run for a while. */
export async function ownCohort(
  crowd: CrowdFaces,
  options: FoldOptions,
  makeTypical: typeof typicalOf = typicalOf,
): Promise<ComparedFaces> {
  const placeBy = (cohort: readonly Float32Array[]) => {
    const typical = cohort.length === 0 ? undefined : makeTypical(cohort);
    return (embedding: Float32Array) => placeFace(embedding, typical);
  };
  return { ...(await placeInFolds(crowd, placeBy, options)), distance: distanceBetween };
}

/** Each face by a cohort of the group faces of other folds than its own. */
export async function placeInFolds<Face>(
  crowd: CrowdFaces,
  placeBy: (cohort: readonly Float32Array[]) => Place<Face>,
  { stop, onStep }: FoldOptions,
): Promise<Omit<ComparedFaces<Face>, 'distance'>> {
  const placeAll = async (place: Place<Face>) => {
    const placed: (Face | undefined)[] = [];
    for (const [i, { face }] of crowd.portraits.entries()) {
      if (i % facesPerBlock === 0) await breathe(stop);
      placed.push(face && place(face.embedding));
    }
    return placed;
  };
  const byFold: (readonly (Face | undefined)[])[] = [];
  const groupFaces: Face[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    onStep(`the folder's own cohort: fold ${fold + 1} of ${FOLDS}`);
    const place = placeBy(cohortWithout(crowd, fold));
    byFold.push(await placeAll(place));
    for (const [i, { photo, face }] of crowd.groupFaces.entries()) {
      if (foldOf(photo) === fold) groupFaces[i] = place(face.embedding);
    }
  }
  const place = placeBy(cohortWithout(crowd, undefined));
  return { portraits: await placeAll(place), portraitsFor: (photo) => byFold[foldOf(photo)] ?? [], groupFaces, place };
}

/** All faces of one photo are in one fold. */
export function foldOf(photo: number): number {
  return photo % FOLDS;
}

/** Faces that may not decide are no measure of how near strangers come. */
export function cohortWithout({ groupFaces }: CrowdFaces, fold: number | undefined): Float32Array[] {
  return groupFaces
    .filter(({ photo, face }) => face.isSure && foldOf(photo) !== fold)
    .map(({ face }) => face.embedding);
}

/** Lets signals in between blocks of work. */
export async function breathe(stop: AbortSignal): Promise<void> {
  await setImmediate();
  stop.throwIfAborted();
}

import { setImmediate } from 'node:timers/promises';
import { type PlacedFace, placeFace, type TypicalFace, typicalOf } from '@kilas/ai/matching/normalised-distance.ts';
import type { CrowdFaces } from './measure-faces.ts';

const FOLDS = 10;

/** The faces of a crowd, each with what its distances are corrected by. Absent where there is no face. */
export interface ComparedFaces {
  /** For pairs of two portraits. */
  readonly portraits: readonly (PlacedFace | undefined)[];
  /** For pairs with a face of this group photo: nobody of its fold had a part in the typical face of either side. */
  portraitsFor(photo: number): readonly (PlacedFace | undefined)[];
  readonly groupFaces: readonly PlacedFace[];
  /** A face that is made of several portraits. */
  place(embedding: Float32Array): PlacedFace;
}

/** By the typical face that comes with the pack, as on a new installation; without one distances stay as they are. */
export function startingCohort({ portraits, groupFaces }: CrowdFaces, typical: TypicalFace | undefined): ComparedFaces {
  const place = (embedding: Float32Array) => placeFace(embedding, typical);
  const faces = portraits.map(({ face }) => face && place(face.embedding));
  const placed = groupFaces.map(({ face }) => place(face.embedding));
  return { portraits: faces, portraitsFor: () => faces, groupFaces: placed, place };
}

/** By the typical face of the crowd's own sure group faces, as on an installation that has run for a while. */
export async function ownCohort(
  crowd: CrowdFaces,
  { stop, onStep }: { stop: AbortSignal; onStep(what: string): void },
  makeTypical: typeof typicalOf = typicalOf,
): Promise<ComparedFaces> {
  const typicalWithout = (fold: number | undefined) => {
    const cohort = cohortWithout(crowd, fold);
    return cohort.length === 0 ? undefined : makeTypical(cohort);
  };
  const placeAll = (typical: TypicalFace | undefined) =>
    crowd.portraits.map(({ face }) => face && placeFace(face.embedding, typical));
  const byFold: (readonly (PlacedFace | undefined)[])[] = [];
  const groupFaces: PlacedFace[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    onStep(`the folder's own cohort: fold ${fold + 1} of ${FOLDS}`);
    const typical = typicalWithout(fold);
    byFold.push(placeAll(typical));
    for (const [i, { photo, face }] of crowd.groupFaces.entries()) {
      if (foldOf(photo) === fold) groupFaces[i] = placeFace(face.embedding, typical);
    }
    await breathe(stop);
  }
  const typical = typicalWithout(undefined);
  return {
    portraits: placeAll(typical),
    portraitsFor: (photo) => byFold[foldOf(photo)] ?? [],
    groupFaces,
    place: (embedding) => placeFace(embedding, typical),
  };
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

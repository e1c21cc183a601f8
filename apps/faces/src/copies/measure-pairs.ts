import type { AnalysedFace } from '@kilas/ai/inference/analyse-image.ts';
import { l2Distance } from '@kilas/ai/inference/distance.ts';
import { imprintOf } from '@kilas/ai/inference/imprint.ts';
import { isSamePicture } from '@kilas/ai/inference/same-picture.ts';
import { FAR_BEYOND_USUAL } from '@kilas/ai/matching/normalised-distance.ts';
import { middleFace } from '../strangers/measure-faces.ts';
import { lookAt } from '../trial/look-at.ts';
import type { Trial } from '../trial/open-trial.ts';
import type { Person } from './copies-command.ts';

/** L2 distance, as a share of that within which one's selfies lie, within which two files hold one picture: no two shots come as near. */
const TWICE_SHARE = 0.25;

export interface PairResult {
  readonly files: readonly string[];
  readonly distance: number;
  readonly isTwice: boolean;
  /** The first one as a selfie, the second one's face stored. */
  readonly isRefused: boolean;
}

/** Compares all pictures of one person with each other, as a selfie and a stored face are. */
export async function measurePairs(
  trial: Trial,
  people: readonly Person[],
  { stop, onStep }: { stop: AbortSignal; onStep(done: number, count: number): void },
): Promise<PairResult[]> {
  const results: PairResult[] = [];
  for (const [done, { files }] of people.entries()) {
    onStep(done, people.length);
    const looks = await Promise.all(files.map((file) => lookAt(trial, file, stop)));
    const shots = looks.flatMap((look, i) => {
      const face = middleFace(look);
      return face === undefined ? [] : [{ face, file: files[i] ?? '' }];
    });
    for (const [i, a] of shots.entries()) {
      for (const b of shots.slice(i + 1)) results.push(await compare(trial, a, b));
    }
  }
  return results;
}

interface Shot {
  readonly face: AnalysedFace;
  readonly file: string;
}

async function compare({ calibration }: Trial, a: Shot, b: Shot): Promise<PairResult> {
  const distance = l2Distance(a.face.embedding, b.face.embedding);
  const isNear = distance <= calibration.candidateDistanceMax + FAR_BEYOND_USUAL;
  const isRefused = isNear && (await isSamePicture((place) => imprintOf(a.face.luma, place), [imprintOf(b.face.luma)]));
  const isTwice = distance <= TWICE_SHARE * calibration.samePersonDistanceMax;
  return { files: [a.file, b.file], distance, isTwice, isRefused };
}

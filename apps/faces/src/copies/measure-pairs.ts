import { readFile } from 'node:fs/promises';
import { farBeyondUsual } from '@kilas/ai/distances/normalised-distance.ts';
import type { AnalysedFace } from '@kilas/face-engine/analysis/analyse-image.ts';
import { l2Distance } from '@kilas/face-engine/distances/distance.ts';
import { imprintOf, type Place } from '@kilas/face-engine/imprints/imprint.ts';
import { isSamePicture } from '@kilas/face-engine/imprints/same-picture.ts';
import { judgeSelfie, type SelfieRefusal } from '@kilas/face-engine/selfies/judge-selfie.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { middleFace } from '../strangers/measure-faces.ts';
import { lookAt } from '../trial/look-at.ts';
import type { Trial } from '../trial/open-trial.ts';
import { render } from './make-crops.ts';

export interface Person {
  readonly name: string;
  readonly files: readonly string[];
}

/** L2 distance, as a share of that within which one's selfies lie, within which two files hold one picture: no two shots come as near. */
const twiceShare = 0.25;

export interface Person {
  readonly name: string;
  readonly files: readonly string[];
}

export interface PairResult {
  readonly files: readonly string[];
  readonly distance: number;
  readonly isTwice: boolean;
  /** The first one as a selfie, the second one's face stored, with its preview. */
  readonly isRefused: boolean;
}

export interface SelfieResult {
  readonly file: string;
  /** Why the judge of every selfie refuses it; undefined when it will do. */
  readonly reason: SelfieRefusal | undefined;
}

/** Compares all pictures of one person with each other, as a selfie and a stored face are, and judges each as a selfie. */
export async function measurePairs(
  trial: Trial,
  people: readonly Person[],
  { stop, onStep }: { stop: AbortSignal; onStep(done: number, count: number): void },
): Promise<{ pairs: PairResult[]; selfies: SelfieResult[] }> {
  const pairs: PairResult[] = [];
  const selfies: SelfieResult[] = [];
  for (const [done, { files }] of people.entries()) {
    onStep(done, people.length);
    const looks = await Promise.all(files.map((file) => takeShot(trial, file, stop)));
    selfies.push(...looks.map(({ selfie }) => selfie));
    const shots = looks.flatMap(({ shot }) => (shot === undefined ? [] : [shot]));
    for (const [i, a] of shots.entries()) {
      for (const b of shots.slice(i + 1)) pairs.push(await compare(trial, a, b));
    }
  }
  return { pairs, selfies };
}

interface Shot {
  readonly file: string;
  readonly face: AnalysedFace;
  /** The face as the preview of this picture shows it. */
  readonly previewLuma: Uint8Array;
}

async function takeShot(
  trial: Trial,
  file: string,
  stop: AbortSignal,
): Promise<{ selfie: SelfieResult; shot: Shot | undefined }> {
  const look = await lookAt(trial, file, stop);
  const verdict = judgeSelfie(look);
  const selfie = { file, reason: verdict.ok ? undefined : verdict.reason };
  const face = middleFace(look);
  if (face === undefined) return { selfie, shot: undefined };
  const { preview } = await render(await readFile(file));
  const [previewLuma] = await trial.ctx.analyser.run(
    { line: 'photos', whose: '', thing: `photo/${newId()}`, signal: stop },
    (_analyse, _scoreLiveness, cutLumas) => cutLumas(preview, { ...look, faces: [face] }),
  );
  if (previewLuma === undefined) throw new Error(`the preview of ${file} shows no face`);
  return { selfie, shot: { file, face, previewLuma } };
}

async function compare({ calibration }: Trial, a: Shot, b: Shot): Promise<PairResult> {
  const distance = l2Distance(a.face.embedding, b.face.embedding);
  const isNear = distance <= calibration.candidateDistanceMax + farBeyondUsual;
  const see = (place: Place) => imprintOf(a.face.luma, place);
  const isRefused = isNear && (await isSamePicture(see, [imprintOf(b.face.luma), imprintOf(b.previewLuma)]));
  const isTwice = distance <= twiceShare * calibration.samePersonDistanceMax;
  return { files: [a.file, b.file], distance, isTwice, isRefused };
}

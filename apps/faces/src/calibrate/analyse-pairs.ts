import path from 'node:path';
import type { AnalysedFace, ImageAnalysis } from '@kilas/ai/inference/analyse-image.ts';
import { l2Distance } from '@kilas/ai/inference/distance.ts';
import type { LabelledSet } from '../evaluate/read-labels.ts';
import { lookAt } from '../trial/look-at.ts';
import type { Trial } from '../trial/open-trial.ts';
import type { PhotoPair } from './set-aside.ts';

interface Options {
  readonly stop: AbortSignal;
  onStep(what: string): void;
}

/** The pairs of faces within each photo file. */
export async function analysePhotos(trial: Trial, files: readonly string[], options: Options): Promise<PhotoPair[]> {
  const pairs: PhotoPair[] = [];
  for (const file of files) {
    const { faces } = await analyse(trial, file, options);
    for (const [i, a] of faces.entries()) {
      for (const b of faces.slice(i + 1)) pairs.push(pairOf(a, b, file, path.basename(file)));
    }
  }
  return pairs;
}

/** The pairs of the portraits of different people of each set; two people are one group. */
export async function analyseLabelled(
  trial: Trial,
  sets: readonly LabelledSet[],
  options: Options,
): Promise<PhotoPair[]> {
  const pairs: PhotoPair[] = [];
  for (const { enrolled } of sets) {
    const portraits: { person: string; name: string; face: AnalysedFace }[] = [];
    for (const [person, files] of enrolled) {
      for (const file of files) {
        const { faces } = await analyse(trial, file, options);
        const [face] = faces.toSorted((a, b) => b.box.width * b.box.height - a.box.width * a.box.height);
        if (face !== undefined) portraits.push({ person, name: path.basename(file), face });
      }
    }
    for (const [i, a] of portraits.entries()) {
      for (const b of portraits.slice(i + 1)) {
        if (a.person === b.person) continue;
        const apart = { left: 0, top: 0, width: 0, height: 0 };
        const { distance } = pairOf(a.face, b.face, '', '');
        const names = `${a.name} and ${b.name}`;
        pairs.push({ distance, group: `${a.person} ${b.person}`, photo: names, places: [apart, apart] });
      }
    }
  }
  return pairs;
}

function pairOf(a: AnalysedFace, b: AnalysedFace, group: string, photo: string): PhotoPair {
  return { distance: l2Distance(a.embedding, b.embedding), group, photo, places: [placeOf(a), placeOf(b)] };
}

function placeOf({ box }: AnalysedFace) {
  return { left: box.x, top: box.y, width: box.width, height: box.height };
}

async function analyse(trial: Trial, file: string, { stop, onStep }: Options): Promise<ImageAnalysis> {
  stop.throwIfAborted();
  onStep(`looking at ${path.basename(file)}`);
  return lookAt(trial, file, stop);
}

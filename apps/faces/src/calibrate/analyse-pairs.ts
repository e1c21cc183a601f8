import path from 'node:path';
import { normalisedDistance } from '@kilas/ai/distances/normalised-distance.ts';
import { findTypicalFace } from '@kilas/ai/typical-faces/typical-face-store.ts';
import type { AnalysedFace, ImageAnalysis } from '@kilas/face-engine/analysis/analyse-image.ts';
import type { LabelledSet } from '../evaluate/read-labels.ts';
import { lookAt } from '../trial/look-at.ts';
import type { Trial } from '../trial/open-trial.ts';
import type { PhotoPair } from './set-aside.ts';

interface Options {
  readonly stop: AbortSignal;
  onStep(what: string): void;
}

/** The pairs of sure faces within each photo file. */
export async function analysePhotos(trial: Trial, files: readonly string[], options: Options): Promise<PhotoPair[]> {
  const photos: { file: string; faces: readonly AnalysedFace[] }[] = [];
  for (const file of files) {
    const { faces } = await analyse(trial, file, options);
    photos.push({ file, faces: faces.filter(({ isSure }) => isSure) });
  }
  const distance = await measureOf(trial);
  return photos.flatMap(({ file, faces }) =>
    faces.flatMap((a, i) =>
      faces.slice(i + 1).map((b) => ({
        ...{ distance: distance(a, b), group: file, photo: path.basename(file) },
        places: [placeOf(a), placeOf(b)] as const,
      })),
    ),
  );
}

/** The pairs of the sure portraits of different people of each set; two people are one group. */
export async function analyseLabelled(
  trial: Trial,
  sets: readonly LabelledSet[],
  options: Options,
): Promise<PhotoPair[]> {
  const looked: Portrait[][] = [];
  for (const set of sets) looked.push(await lookAtPortraits(trial, set, options));
  const distance = await measureOf(trial);
  const apart = { left: 0, top: 0, width: 0, height: 0 };
  return looked.flatMap((portraits) =>
    portraits.flatMap((a, i) =>
      portraits
        .slice(i + 1)
        .filter((b) => a.person !== b.person)
        .map((b) => ({
          ...{ distance: distance(a.face, b.face), group: `${a.person} ${b.person}`, photo: `${a.name} and ${b.name}` },
          places: [apart, apart] as const,
        })),
    ),
  );
}

interface Portrait {
  readonly person: string;
  readonly name: string;
  readonly face: AnalysedFace;
}

async function lookAtPortraits(trial: Trial, { enrolled }: LabelledSet, options: Options): Promise<Portrait[]> {
  const portraits: Portrait[] = [];
  for (const [person, files] of enrolled) {
    for (const file of files) {
      const { faces } = await analyse(trial, file, options);
      const [face] = faces.toSorted((a, b) => b.box.width * b.box.height - a.box.width * a.box.height);
      if (face?.isSure) portraits.push({ person, name: path.basename(file), face });
    }
  }
  return portraits;
}

/** How near two faces are by the rule that serves. After the first look, which stores the typical face. */
async function measureOf({ ctx }: Trial): Promise<(a: AnalysedFace, b: AnalysedFace) => number> {
  const typical = await findTypicalFace(ctx.db, ctx.packs.currentId);
  return (a, b) => normalisedDistance(a.embedding, b.embedding, typical);
}

function placeOf({ box }: AnalysedFace) {
  return { left: box.x, top: box.y, width: box.width, height: box.height };
}

async function analyse(trial: Trial, file: string, { stop, onStep }: Options): Promise<ImageAnalysis> {
  stop.throwIfAborted();
  onStep(`looking at ${path.basename(file)}`);
  return lookAt(trial, file, stop);
}

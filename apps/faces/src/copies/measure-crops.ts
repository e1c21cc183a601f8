import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { normalisedDistance } from '@kilas/ai/distances/normalised-distance.ts';
import { isFromAPhoto } from '@kilas/ai/facecams/is-from-a-photo.ts';
import { processPhoto } from '@kilas/ai/photos/process-photo.ts';
import { findTypicalFace } from '@kilas/ai/typical-faces/typical-face-store.ts';
import type { ImageAnalysis } from '@kilas/face-engine/analysis/analyse-image.ts';
import { judgeSelfie } from '@kilas/face-engine/selfies/judge-selfie.ts';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { Trial } from '../trial/open-trial.ts';
import { CUTS, type Cut, cutOut, type Renderings, render } from './make-crops.ts';
import { shuffle } from './shuffle.ts';

/** With fewer pixels between the eyes nobody makes a selfie of it. */
const eyeDistanceMinPx = 18;
const facesPerPhotoMax = 3;

export interface CropResult {
  readonly photo: string;
  readonly cut: string;
  readonly outcome: 'refused' | 'not clear' | 'from a photo' | 'finds nobody' | 'enrolled';
}

interface Stored {
  readonly renderings: Renderings;
  readonly analysis: ImageAnalysis;
}

/**
 * Stores the faces of photos as the service does, and judges crops of them as selfies, until there are `cropCount`: of each face `cutCount`, so that
 * each way of cutting comes as often as the others.
 */
export async function measureCrops(
  trial: Trial,
  files: readonly string[],
  { cropCount, cutCount, random }: { cropCount: number; cutCount: number; random: () => number },
  { stop, onStep }: { stop: AbortSignal; onStep(done: number, count: number): void },
): Promise<CropResult[]> {
  const results: CropResult[] = [];
  let deck: Cut[] = [];
  for (const file of files) {
    const photo = await store(trial, file, stop);
    const large = photo.analysis.faces
      .filter(({ isSure, quality }) => isSure && quality.eyeDistancePx >= eyeDistanceMinPx)
      .slice(0, facesPerPhotoMax);
    for (const face of large) {
      if (deck.length < cutCount) deck = [...deck, ...shuffle(CUTS, random)];
      for (const cut of deck.splice(0, cutCount)) {
        if (results.length >= cropCount) return results;
        const outcome = await judge(trial, await cutOut(photo.renderings, face, cut), photo.analysis, stop);
        results.push({ photo: path.basename(file), cut: cut.name, outcome });
        onStep(results.length, cropCount);
      }
    }
  }
  return results;
}

async function store(trial: Trial, file: string, stop: AbortSignal): Promise<Stored> {
  const { ctx } = trial;
  const renderings = await render(await readFile(file));
  const [compressedKey, previewKey] = [newObjectKey(), newObjectKey()];
  await ctx.objects.write({ bucket: 'originals', key: compressedKey }, renderings.compressed.bytes);
  await ctx.objects.write({ bucket: 'previews', key: previewKey }, renderings.preview);
  const photo = { photoId: newId(), creatorId: newId(), eventId: null, compressedKey, previewKey };
  await processPhoto(ctx, { ...photo, processedKey: newObjectKey() }, stop);
  return { renderings, analysis: await look(trial, renderings.compressed.bytes, stop) };
}

async function judge(
  trial: Trial,
  crop: Buffer,
  photo: ImageAnalysis,
  stop: AbortSignal,
): Promise<CropResult['outcome']> {
  const { ctx, calibration } = trial;
  const verdict = judgeSelfie(await look(trial, crop, stop));
  if (!verdict.ok) return verdict.reason === 'not_clear' ? 'not clear' : 'refused';
  const packId = ctx.packs.currentId;
  if (await isFromAPhoto(ctx, packId, verdict.face)) return 'from a photo';
  const typical = await findTypicalFace(ctx.db, packId);
  const isFound = photo.faces.some(
    ({ embedding }) =>
      normalisedDistance(embedding, verdict.face.embedding, typical) <= calibration.candidateDistanceMax,
  );
  return isFound ? 'enrolled' : 'finds nobody';
}

function look({ ctx }: Trial, bytes: Buffer, stop: AbortSignal): Promise<ImageAnalysis> {
  return ctx.analyser.run({ line: 'selfies', whose: '', thing: `selfie/${newId()}`, signal: stop }, (analyse) =>
    analyse(bytes),
  );
}

import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { TypicalFace } from '@kilas/ai/distances/normalised-distance.ts';
import { findTypicalFace } from '@kilas/ai/typical-faces/typical-face-store.ts';
import { readingArguments, readPath } from '@kilas/cli/command-line.ts';
import { createProgress } from '@kilas/cli/progress.ts';
import { systemReason, UserError } from '@kilas/cli/user-error.ts';
import type { AnalysedFace, ImageAnalysis } from '@kilas/face-engine/analysis/analyse-image.ts';
import type { Calibration } from '@kilas/face-engine/distances/calibration.ts';
import { InferenceError } from '@kilas/face-engine/inference-error.ts';
import { SURE_EYE_DISTANCE_MIN_PX, type UnsureReason, whyUnsure } from '@kilas/face-engine/quality/is-sure.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { openTrial, type Trial } from '../trial/open-trial.ts';
import { drawPicture } from './draw-picture.ts';
import { cutDistance, type ExplainedPair, explainPairs, faceOfSelfie, gallerySizes } from './explain-photo.ts';

const usage = `npm run faces -- explain PHOTO [SELFIE…] [options]

Says what is found in a photo, which faces may not decide and why, and why each matches a selfie: distance, level, false-match
rate, and whether a member who chose no level would be shown it or asked about it among ${gallerySizes.map(formatCount).join(', ')}
faces. Distances are by the typical face that comes with the model pack. Writes the photo with numbered boxes.

  --out FILE   where the picture goes (default: beside the photo, <name>.faces.jpg)
  --help       this text
`;

export async function explainCommand(argv: readonly string[], stop: AbortSignal): Promise<void> {
  const { values, positionals } = readingArguments('npm run faces -- explain', () => readOptions(argv));
  if (values.help) return void process.stdout.write(usage);
  const [photoFile, ...selfieFiles] = positionals.map(readPath);
  if (photoFile === undefined) throw new UserError('explain takes a photo: npm run faces -- explain PHOTO [SELFIE…]');
  const out = values.out === undefined ? besideOf(photoFile) : readPath(values.out);
  if ([photoFile, ...selfieFiles].includes(out))
    throw new UserError(`${out} would be written over: --out takes another.`);
  const bytes = await Promise.all([photoFile, ...selfieFiles].map(readImage));
  const progress = createProgress((text) => process.stderr.write(text));
  progress.step('opening the face engine');
  const trial = await openTrial();
  const analyses: ImageAnalysis[] = [];
  let typical: TypicalFace | undefined;
  try {
    for (const [i, file] of [photoFile, ...selfieFiles].entries()) {
      progress.step(`looking at ${file}`);
      analyses.push(await analyse(trial, file, bytes[i] ?? Buffer.alloc(0), stop));
    }
    // The first look at a picture stores it.
    typical = await findTypicalFace(trial.ctx.db, trial.ctx.packs.currentId);
  } finally {
    await trial.close();
  }
  const [photo, ...selfies] = analyses;
  if (photo === undefined) return;
  const print = (line: string) => process.stdout.write(`${line}\n`);
  printPhoto(photoFile, photo, print);
  const shown = new Set<AnalysedFace>();
  const { calibration } = trial;
  for (const [i, selfie] of selfies.entries()) {
    const pair = { photo, selfie, file: selfieFiles[i] ?? '' };
    for (const face of printSelfie(pair, { calibration, typical }, print)) shown.add(face);
  }
  await writeFile(out, await drawPicture(bytes[0] ?? Buffer.alloc(0), photo.faces, (face) => shown.has(face)));
  print(`\n${out} shows the faces with their numbers`);
}

function printPhoto(
  file: string,
  { width, height, faces, passes }: ImageAnalysis,
  print: (line: string) => void,
): void {
  print(
    `${path.basename(file)}: ${width} × ${height} px, ${faces.length} faces; looked at as often as ${passes.toFixed(1)} whole frames`,
  );
  for (const [i, face] of faces.entries()) {
    const { box, score, quality } = face;
    const place = `${Math.round(box.width)} × ${Math.round(box.height)} px at ${Math.round(box.x)}, ${Math.round(box.y)}`;
    print(`  #${i + 1}  ${place}, score ${score.toFixed(2)}, ${describeSureness(face)}`);
    print(`      ${describeQuality(quality)}`);
  }
}

/** Prints how near each face is; answers those that would be shown among the fewest faces. */
function printSelfie(
  { photo, selfie, file }: { photo: ImageAnalysis; selfie: ImageAnalysis; file: string },
  { calibration, typical }: { calibration: Calibration; typical: TypicalFace | undefined },
  print: (line: string) => void,
): AnalysedFace[] {
  const taken = faceOfSelfie(selfie);
  if (taken === undefined) {
    print(`\n${path.basename(file)}: no face is found in it`);
    return [];
  }
  const { face, refusal } = taken;
  const verdict = refusal === undefined ? 'will do as a facecam' : `would be refused as a facecam: ${refusal}`;
  print(`\n${path.basename(file)}: ${verdict}`);
  print(`      ${describeQuality(face.quality)}`);
  const pairs = explainPairs(photo, face, { calibration, typical });
  print(`  face  distance  level  false-match rate  shown among ${gallerySizes.map(formatCount).join(' / ')} faces`);
  for (const pair of pairs) print(`  ${describePair(pair)}`);
  const cuts = gallerySizes.map((size) => cutDistance(calibration, size).toFixed(3)).join(' / ');
  print(`  shown up to a distance of ${cuts}; stored up to ${calibration.candidateDistanceMax}`);
  const { nearestDistance, measuredDistance = nearestDistance } = calibration.data;
  if (measuredDistance !== undefined)
    print(`  rates nearer than ${measuredDistance} are those of a model, see docs/faces.md`);
  return pairs.filter(({ shown }) => shown[0] === 'yes').map((pair) => pair.face);
}

function describePair({ number, distance, level, falseMatchRate, shown }: ExplainedPair): string {
  const cells = [
    `#${number}`.padEnd(4),
    distance.toFixed(3).padStart(8),
    (level === 0 ? 'none' : String(level)).padStart(5),
    falseMatchRate.toExponential(1).padStart(16),
    shown.join(' / '),
  ];
  return cells.join('  ');
}

const unsureReasons: Readonly<Record<UnsureReason, string>> = {
  turned: 'the eyes lie too near to each other: a profile',
  tiny: `fewer than ${SURE_EYE_DISTANCE_MIN_PX} px between the eyes`,
};

function describeSureness(face: AnalysedFace): string {
  const why = whyUnsure(face);
  return why === undefined ? 'sure' : `not sure (${unsureReasons[why]})`;
}

function describeQuality(quality: AnalysedFace['quality']): string {
  const parts = Object.entries(quality).map(([name, value]) => `${wordsOf(name)} ${formatNumber(value)}`);
  return parts.join(', ');
}

/** "eyeDistancePx" as "eye distance px". */
function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function formatNumber(value: number): string {
  return Math.abs(value) >= 10 ? value.toFixed(0) : value.toPrecision(2);
}

function formatCount(count: number): string {
  return count.toLocaleString('en');
}

function besideOf(photoFile: string): string {
  const { dir, name } = path.parse(photoFile);
  return path.join(dir, `${name}.faces.jpg`);
}

async function readImage(file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    throw new UserError(`${file} cannot be read (${systemReason(error)}): explain takes pictures.`);
  });
}

async function analyse({ ctx }: Trial, file: string, bytes: Buffer, stop: AbortSignal): Promise<ImageAnalysis> {
  return ctx.analyser
    .run({ line: 'photos', whose: '', thing: `photo/${newId()}`, signal: stop }, (look) => look(bytes))
    .catch((error: unknown) => {
      if (!(error instanceof InferenceError && error.reason.startsWith('image_'))) throw error;
      throw new UserError(`${file} is no image that can be looked at: ${error.message}.`);
    });
}

function readOptions(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { out: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
}

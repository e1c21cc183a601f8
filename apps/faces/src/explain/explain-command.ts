import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { AnalysedFace, ImageAnalysis } from '@kilas/ai/inference/analyse-image.ts';
import { InferenceError } from '@kilas/ai/inference/inference-error.ts';
import { readingArguments, readPath } from '@kilas/standalone/command-line.ts';
import { createProgress } from '@kilas/standalone/progress.ts';
import { systemReason, UserError } from '@kilas/standalone/user-error.ts';
import { openTrial, type Trial } from '../trial/open-trial.ts';
import { drawPicture } from './draw-picture.ts';
import { cutDistance, type ExplainedPair, explainPairs, faceOfSelfie, gallerySizes } from './explain-photo.ts';

const usage = `npm run faces -- explain PHOTO [SELFIE…] [options]

Says what is found in a photo and why it matches each selfie: distance, level, false-match rate, and whether a member who chose
no level would be shown it among ${gallerySizes.map(formatCount).join(', ')} faces. Writes the photo with numbered boxes.

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
  try {
    for (const [i, file] of [photoFile, ...selfieFiles].entries()) {
      progress.step(`looking at ${file}`);
      analyses.push(await analyse(trial, file, bytes[i] ?? Buffer.alloc(0), stop));
    }
  } finally {
    await trial.close();
  }
  const [photo, ...selfies] = analyses;
  if (photo === undefined) return;
  const print = (line: string) => process.stdout.write(`${line}\n`);
  printPhoto(photoFile, photo, print);
  const shown = new Set<AnalysedFace>();
  for (const [i, selfie] of selfies.entries()) {
    for (const face of printSelfie(selfieFiles[i] ?? '', selfie, photo, trial, print)) shown.add(face);
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
  for (const [i, { box, score, quality }] of faces.entries()) {
    const place = `${Math.round(box.width)} × ${Math.round(box.height)} px at ${Math.round(box.x)}, ${Math.round(box.y)}`;
    print(`  #${i + 1}  ${place}, score ${score.toFixed(2)}`);
    print(`      ${describeQuality(quality)}`);
  }
}

/** Prints how near each face is; answers those that would be shown among the fewest faces. */
function printSelfie(
  file: string,
  selfie: ImageAnalysis,
  photo: ImageAnalysis,
  { calibration }: Trial,
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
  const pairs = explainPairs(photo, face, calibration);
  print(`  face  distance  level  false-match rate  shown among ${gallerySizes.map(formatCount).join(' / ')} faces`);
  for (const pair of pairs) print(`  ${describePair(pair)}`);
  const cuts = gallerySizes.map((size) => cutDistance(calibration, size).toFixed(3)).join(' / ');
  print(`  shown up to a distance of ${cuts}; stored up to ${calibration.candidateDistanceMax}`);
  const { nearestDistance } = calibration.data;
  if (nearestDistance !== undefined)
    print(`  rates nearer than ${nearestDistance} are those of a model, see docs/faces.md`);
  return pairs.filter(({ isShown }) => isShown[0]).map((pair) => pair.face);
}

function describePair({ number, distance, level, falseMatchRate, isShown }: ExplainedPair): string {
  const cells = [
    `#${number}`.padEnd(4),
    distance.toFixed(3).padStart(8),
    (level === 0 ? 'none' : String(level)).padStart(5),
    falseMatchRate.toExponential(1).padStart(16),
    isShown.map((is) => (is ? 'yes' : 'no')).join(' / '),
  ];
  return cells.join('  ');
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
    .run('photos', stop, (look) => look(bytes))
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

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { AiSchema } from '@kilas/ai/db/schema.ts';
import { listCalibrations } from '@kilas/ai/packs/pack-store.ts';
import { readPath, wholeNumber } from '@kilas/cli/command-line.ts';
import { createProgress, type Progress } from '@kilas/cli/progress.ts';
import { systemReason, UserError } from '@kilas/cli/user-error.ts';
import type { Calibration } from '@kilas/face-engine/distances/calibration.ts';
import { distanceAtFalseMatchRate } from '@kilas/face-engine/distances/level.ts';
import { findBuiltInPack } from '@kilas/face-engine/packs/built-in-packs.ts';
import {
  ownCalibrationFile,
  readOwnCalibration,
  writeOwnCalibration,
} from '@kilas/face-engine/packs/own-calibration.ts';
import { openTarget, readTargetOptions, targetUsage } from '@kilas/installation/target/open-target.ts';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { isPicture, readLabels } from '../evaluate/read-labels.ts';
import { openTrial } from '../trial/open-trial.ts';
import { analyseLabelled, analysePhotos } from './analyse-pairs.ts';
import { type CarefulCurve, carefulCurve } from './careful-curve.ts';
import { type Fit, fitStrangers, GROUPS_MIN } from './fit-strangers.ts';
import { findUsualPack, listPairsWithinPhotos } from './pair-store.ts';
import { printFit, printSorted } from './print-calibration.ts';
import { type PhotoPair, setAside } from './set-aside.ts';

/** Fewer pairs are no ground to leave the pack's calibration for. */
const PAIRS_MIN = 1_000;
/** Strangers come nearer than that once in a hundred million pairs, by the pack's calibration. */
const samePersonRate = 1e-8;

const usage = `npm run faces -- calibrate [options]

Measures how near strangers come in an installation's own photos, where faces within one photo are different people. It leaves out
faces that may not decide. It prints the fit beside the model pack's calibration, the number of pairs, and what is extrapolated.
If strangers come nearer than the pack states, --write writes the more careful curve, and the service reads it at its next start.
The curve never states a lower rate than the pack. Kilas may serve meanwhile. Matches that were told before keep their level.

${targetUsage}
  --photos FOLDER   faces within the photos of a folder instead of an installation's
  --labelled DIR    portraits of different people of a labelled folder instead, see evaluate
  --sample COUNT    photos of an installation to look at (default 2000)
    --same PHOTO      leaves out a photo that shows one person twice, named as printed; may be given often
  --write           writes the calibration; there must be ${PAIRS_MIN} pairs in ${GROUPS_MIN} photos at least
  --out FOLDER      where to (default: calibration in the data folder); the service reads CALIBRATION_FOLDER
  --help            this text
`;

interface Source {
  readonly packId: string;
  /** What the pack itself says of distances. */
  readonly pack: Calibration;
  readonly pairs: readonly PhotoPair[];
  readonly what: string;
  /** Where the service of the installation reads its calibration. */
  readonly folder?: string;
}

type Options = ReturnType<typeof readOptions>;

export async function calibrateCommand(argv: readonly string[], stop: AbortSignal): Promise<void> {
  const options = readOptions(argv);
  if (options.help) return void process.stdout.write(usage);
  const progress = createProgress((text) => process.stderr.write(text));
  const source = await readPairs(options, stop, progress);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const { pack } = source;
  const sames = new Set(options.same);
  const pairs = source.pairs.filter(({ photo }) => !sames.has(photo.replace(/^photo /, '')));
  const sorted = setAside(pairs, distanceAtFalseMatchRate(pack, samePersonRate));
  print(`${source.packId}, ${source.what}`);
  printSorted(sorted, print);
  if (sorted.kept.length === 0) throw new UserError('There are no two faces of different people to learn from.');
  const fit = fitStrangers(sorted.kept);
  const careful = carefulCurve(fit, pack);
  const written = calibrationOf(fit, { pack, careful, what: source.what });
  printFit(fit, { pack, written, decidedBy: careful.decidedBy }, print);
  if (!options.write) return void print('\nnothing is written: --write does it');
  const folder = options.out === undefined ? source.folder : readPath(options.out);
  if (folder === undefined)
    throw new UserError('--write needs --out FOLDER here: the folder that CALIBRATION_FOLDER names.');
  if (fit.pairCount < PAIRS_MIN || fit.groupCount < GROUPS_MIN) {
    throw new UserError(
      `There are ${fit.pairCount} pairs in ${fit.groupCount} photos: ${PAIRS_MIN} in ${GROUPS_MIN} are needed to leave the pack's calibration for.`,
    );
  }
  const before = await readOwnCalibration(folder, source.packId);
  if (careful.decidedBy === 'pack') {
    const own = ownCalibrationFile(folder, source.packId);
    const stays = before === undefined ? '' : `; ${own} stays in force, delete it to return to the pack's`;
    return void print(`\nnothing is written: the pack states as much or more everywhere${stays}`);
  }
  const file = await writeOwnCalibration(folder, source.packId, written);
  print(`\n${file} is ${before === undefined ? 'written' : 'replaced'}; the service reads it at its next start`);
}

/** As it is to be written: the pack's, with the careful curve and, where the pairs had a say in it, what is known of them. */
export function calibrationOf(
  fit: Fit,
  { pack, careful, what }: { pack: Calibration; careful: CarefulCurve; what: string },
): Calibration {
  if (careful.decidedBy === 'pack') return pack;
  const at = pack.candidateDistanceMax;
  const candidateRate = fit.rateInterval(at);
  const { measuredDistance, nearestDistance = fit.nearestDistance } = pack.data;
  return {
    ...pack,
    strangers: careful.strangers,
    data: {
      source: `${what}; fitted to the nearest fifth, at the upper end of the interval, nowhere below the pack's own`,
      pairCount: fit.pairCount,
      nearestDistance: Math.min(fit.nearestDistance, nearestDistance),
      ...(measuredDistance === undefined ? {} : { measuredDistance }),
      ...(candidateRate === undefined ? {} : { candidateRate }),
    },
  };
}

async function readPairs(options: Options, stop: AbortSignal, progress: Progress): Promise<Source> {
  const { photos, labelled } = options;
  if (photos === undefined && labelled === undefined) return readInstallation(options, progress);
  if (photos !== undefined && labelled !== undefined)
    throw new UserError('--photos and --labelled exclude each other.');
  const sets = labelled === undefined ? [] : await readLabels(readPath(labelled));
  const files = photos === undefined ? [] : await listPictures(readPath(photos));
  progress.step('opening the face engine');
  const trial = await openTrial();
  try {
    const walk = { stop, onStep: (what: string) => progress.wait(what) };
    const packId = trial.ctx.packs.currentId;
    const pack = findBuiltInPack(packId)?.manifest.calibration ?? trial.calibration;
    if (labelled !== undefined) {
      const pairs = await analyseLabelled(trial, sets, walk);
      return { packId, pack, pairs, what: 'portraits of different labelled people' };
    }
    const pairs = await analysePhotos(trial, files, walk);
    return { packId, pack, pairs, what: `faces within ${files.length} photos` };
  } finally {
    await trial.close();
  }
}

async function readInstallation(options: Options, progress: Progress): Promise<Source> {
  progress.step('opening the installation');
  const target = await openTarget(options);
  const url = target.databaseUrls.ai;
  const db = openDatabase<AiSchema>({ url, poolSizeMax: 1, onTrouble: () => {} });
  try {
    const packId = await findUsualPack(db);
    if (packId === undefined) throw new UserError('No photo has been recognised yet: there is nothing to learn from.');
    progress.step('comparing the faces within photos');
    const pack = findBuiltInPack(packId)?.manifest.calibration ?? (await listCalibrations(db))(packId);
    const pairs = await listPairsWithinPhotos(db, packId, options.sampleCount);
    const photoCount = new Set(pairs.map(({ group }) => group)).size;
    const folder = target.dataFolder === undefined ? {} : { folder: path.join(target.dataFolder, 'calibration') };
    return { packId, pack, pairs, what: `faces within ${photoCount} photos of this installation`, ...folder };
  } finally {
    await db.destroy();
    await target.close();
  }
}

async function listPictures(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new UserError(`${folder} cannot be read (${systemReason(error)}): --photos takes a folder.`);
  });
  const files = names.filter(isPicture).sort();
  if (files.length === 0) throw new UserError(`There are no pictures in ${folder}: --photos takes a folder of them.`);
  return files.map((name) => path.join(folder, name));
}

function readOptions(argv: readonly string[]) {
  const values = readTargetOptions('npm run faces -- calibrate', argv, {
    photos: { type: 'string' },
    labelled: { type: 'string' },
    sample: { type: 'string', default: '2000' },
    same: { type: 'string', multiple: true, default: [] as string[] },
    write: { type: 'boolean', default: false },
    out: { type: 'string' },
  });
  return { ...values, sampleCount: wholeNumber('--sample', values.sample, 1, 20_000) };
}

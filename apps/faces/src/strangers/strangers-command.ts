import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { TypicalFace } from '@kilas/ai/distances/normalised-distance.ts';
import { findTypicalFace } from '@kilas/ai/typical-faces/typical-face-store.ts';
import { readingArguments, readPath, wholeNumber } from '@kilas/cli/command-line.ts';
import { createProgress, type Progress } from '@kilas/cli/progress.ts';
import { systemReason, UserError } from '@kilas/cli/user-error.ts';
import type { Calibration } from '@kilas/face-engine/distances/calibration.ts';
import type { PackManifest } from '@kilas/face-engine/packs/manifest.ts';
import { gateLimits } from '@kilas/face-engine/packs/pack-card.ts';
import { openTrial } from '../trial/open-trial.ts';
import { asNormCohort } from './as-norm.ts';
import { type CohortTable, measureTable } from './cohort-table.ts';
import { type ComparedFaces, ownCohort, startingCohort } from './cohorts.ts';
import { cutOfThree, listCuts } from './default-cut.ts';
import { drawPairs, listDrawn } from './draw-pairs.ts';
import { checkLimits, readLimits } from './limits.ts';
import { type CrowdFaces, measureFaces } from './measure-faces.ts';
import { comparePairs, type NearPairs } from './near-pairs.ts';
import { groupPairs } from './pair-groups.ts';
import {
  printComparison,
  printCrowd,
  printLegend,
  printLimits,
  printTable,
  printWithUnsure,
} from './print-strangers.ts';
import { type Crowd, limitCrowd, readCrowd } from './read-crowd.ts';
import { intervalsOf, summarise, toJsonLine } from './summary.ts';
import { cardOf, writeCard } from './write-card.ts';

const usage = `npm run faces -- strangers DIR [options]

Measures how often strangers match, by group of people, with the code of the service and under the model pack in force. DIR
holds index.json, people/<name>/* (portraits) and groups/* (photos that show nobody twice):
  { "people": { name: { "photos": [file…], "region": name of a region of Asia, or none } }, "groups": [file…] }

Prints two tables: with the cohort that every installation starts with, and with one of the folder's own group faces, which are
left out by tenths where they are measured. The last line is JSON, of the second table, at the default cut of an event of 10,000.

  --pass FILE        limits: JSON such as { "measuredMax": 5e-5, "t4Min": 0.9 }, or "default" for those that a pack must hold
                     to be the current one. Ends with 1 when one is missed
  --write-card FILE  writes the pack's card: what was measured, of which files, and the limits of --pass held or not
  --out FILE         where the picture of the nearest wrong pairs goes (default: strangers.jpg in the system's temporary folder)
  --compare          shows beside it what no normalisation would give, and AS-norm by the 100 nearest faces of the same cohort
  --limit-people N   measures N people and as large a share of the group photos, for a quick trial
  --help             this text
`;

export async function strangersCommand(argv: readonly string[], stop: AbortSignal): Promise<void> {
  const { values, positionals } = readingArguments('npm run faces -- strangers', () => readOptions(argv));
  if (values.help) return void process.stdout.write(usage);
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) {
    throw new UserError('strangers takes one folder: npm run faces -- strangers DIR');
  }
  const { pass } = values;
  const limits = pass === 'default' ? gateLimits : pass === undefined ? {} : await readLimits(readPath(pass));
  const whole = await readCrowd(readPath(folder));
  const crowd =
    values['limit-people'] === undefined
      ? whole
      : limitCrowd(whole, wholeNumber('--limit-people', values['limit-people'], 2, 10_000_000));
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const progress = createProgress((text) => process.stderr.write(text));
  const { faces, calibration, manifest, typical } = await analyse(crowd, stop, progress);
  printCrowd(manifest.id, faces, print);
  for (const names of crowd.sameNames) print(`  one person by their names: ${names.join(', ')}`);
  progress.step('comparing by the starting cohort');
  const starting = await measure(faces, startingCohort(faces, typical), calibration, stop);
  printTable('with the cohort that an installation starts with', starting.table, print);
  printWithUnsure(starting.table, starting.withUnsure, print);
  progress.step('comparing by the cohort of the group faces');
  // A pack without a typical face is served by bare distances, however many faces an installation has.
  const onStep = (what: string) => progress.wait(what);
  const cohort = typical === undefined ? startingCohort(faces, typical) : await ownCohort(faces, { stop, onStep });
  const own = await measure(faces, cohort, calibration, stop);
  printTable("with a cohort of the folder's group faces", own.table, print);
  printWithUnsure(own.table, own.withUnsure, print);
  if (values.compare) {
    progress.step('comparing with other normalisations');
    const others = await measureOthers(faces, calibration, { stop, onStep: (what) => progress.wait(what) });
    printComparison([...others, ['typical face (serves)', own.table]], print);
  }
  printLegend(print);
  const out = values.out === undefined ? path.join(os.tmpdir(), 'strangers.jpg') : readPath(values.out);
  await writePicture(out, faces, own.near, stop);
  print(`\n${out} shows the nearest wrong pairs: of portraits, each two people once, then within one photo`);
  const checked = checkLimits(limits, own.table);
  if (checked.length > 0) printLimits(checked, print);
  const card = values['write-card'] === undefined ? undefined : readPath(values['write-card']);
  if (card !== undefined) {
    await writeCard(card, cardOf({ manifest, crowd: faces, table: own.table, limits: checked, now: new Date() }));
    print(`\n${card} is the pack's card`);
  }
  progress.step('done');
  print(toJsonLine(summarise(own.table), intervalsOf(own.table)));
  if (checked.some(({ isMet }) => !isMet)) process.exitCode = 1;
}

interface Analysed {
  readonly faces: CrowdFaces;
  readonly calibration: Calibration;
  readonly manifest: PackManifest;
  /** That of a new installation. */
  readonly typical: TypicalFace | undefined;
}

/** The engines are closed before the comparing begins. */
async function analyse(crowd: Crowd, stop: AbortSignal, progress: Progress): Promise<Analysed> {
  progress.step('opening the face engine');
  const trial = await openTrial();
  try {
    const [current] = trial.ctx.packs.list();
    if (current === undefined) throw new Error('no model pack is in force');
    const onStep = (done: number, count: number) => progress.wait(`looking at photo ${done} of ${count}`);
    const faces = await measureFaces(trial, crowd, { stop, onStep });
    progress.step(`looked at ${faces.portraits.length} portraits and ${faces.photoCount} group photos`);
    const typical = await findTypicalFace(trial.ctx.db, current.manifest.id);
    return { faces, calibration: trial.calibration, manifest: current.manifest, typical };
  } finally {
    await trial.close();
  }
}

interface MeasuredCohort {
  readonly table: CohortTable;
  /** Absent when every face is sure. */
  readonly withUnsure: CohortTable | undefined;
  readonly near: NearPairs;
}

async function measure(
  crowd: CrowdFaces,
  compared: ComparedFaces,
  calibration: Calibration,
  stop: AbortSignal,
): Promise<MeasuredCohort> {
  const cuts = listCuts(calibration);
  const near = await comparePairs(crowd, compared, { stop });
  const table = await measureTable(groupPairs(crowd, near), cuts, cutOfThree(calibration), stop);
  const all = [...crowd.portraits, ...crowd.groupFaces].flatMap(({ face }) => face ?? []);
  if (all.every(({ isSure }) => isSure)) return { table, withUnsure: undefined, near };
  const nearAll = await comparePairs(crowd, compared, { stop, withUnsure: true });
  return {
    table,
    withUnsure: await measureTable(groupPairs(crowd, nearAll), cuts, cutOfThree(calibration), stop, 0),
    near,
  };
}

/** The same pairs, by normalisations that do not serve. */
async function measureOthers(
  faces: CrowdFaces,
  calibration: Calibration,
  options: { stop: AbortSignal; onStep(what: string): void },
): Promise<[string, CohortTable][]> {
  const { stop } = options;
  const measureBy = async <Face extends { readonly embedding: Float32Array }>(compared: ComparedFaces<Face>) => {
    const near = await comparePairs(faces, compared, { stop });
    return measureTable(groupPairs(faces, near), listCuts(calibration), cutOfThree(calibration), stop);
  };
  return [
    ['none', await measureBy(startingCohort(faces, undefined))],
    ['AS-norm, 100 nearest', await measureBy(await asNormCohort(faces, options))],
  ];
}

async function writePicture(out: string, crowd: CrowdFaces, near: NearPairs, stop: AbortSignal): Promise<void> {
  const picture = await drawPairs(listDrawn(crowd, near), stop);
  try {
    await mkdir(path.dirname(out), { recursive: true });
    await writeFile(out, picture);
  } catch (error) {
    throw new UserError(`${out} cannot be written (${systemReason(error)}): --out takes a file.`);
  }
}

function readOptions(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      pass: { type: 'string' },
      'write-card': { type: 'string' },
      out: { type: 'string' },
      'limit-people': { type: 'string' },
      compare: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
}

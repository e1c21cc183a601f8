import { stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readingArguments, readPath, wholeNumber } from '@kilas/cli/command-line.ts';
import { createProgress, type Progress } from '@kilas/cli/progress.ts';
import { UserError } from '@kilas/cli/user-error.ts';
import { seededRandom } from '../calibrate/fit-strangers.ts';
import { readLabels } from '../evaluate/read-labels.ts';
import { readCrowd } from '../strangers/read-crowd.ts';
import { openTrial } from '../trial/open-trial.ts';
import { CUTS } from './make-crops.ts';
import { type CropResult, measureCrops } from './measure-crops.ts';
import { measurePairs, type PairResult, type Person, type SelfieResult } from './measure-pairs.ts';
import { shuffle } from './shuffle.ts';

/** What a gate may ask: of crops of previews so many are refused, of second shots and of honest selfies no more. */
const REFUSED_CROPS_MIN = 0.99;
const REFUSED_SHOTS_MAX = 0.005;
const NOT_CLEAR_MAX = 0.01;

const usage = `npm run faces -- copies DIR [DIR…] [options]

Measures how often a selfie is refused that was cropped from a photo whose faces are stored, and how often another picture of the
same person. A DIR holds truth.json, as "evaluate" reads it, or index.json, as "strangers" reads it. The command works on a throwaway
database. It renders photos (the labelled ones, the groups) as upload does and recognises them. It crops faces from the photos, their
previews and thumbnails in many ways and judges each crop as a selfie. It compares all pairs of pictures of one person (those enrolled,
the portraits) as a selfie and a stored face with its preview, and judges each as a selfie.

The command takes a sample, from the folders in turn. The same seed gives the same sample.

  refused        by the judge of every selfie (blurred, small, dark, no face…)
  not clear      by the same, because its landmarks are a guess
    from a photo   because it is from a photo
  finds nobody   would be enrolled, and is farther from all faces of its photo than any search looks
  enrolled       would be enrolled, and finds somebody in its photo

A pair that is nearer than two shots can be counts as one picture that is there twice: it is named and not counted. The last line is
JSON. Ends with 1 when fewer than ${REFUSED_CROPS_MIN} of the crops of previews are refused, or more than ${REFUSED_SHOTS_MAX} of the pairs, or more
than ${NOT_CLEAR_MAX} of the pictures that are otherwise good enough, as not clear.

  --crops N   photos until there are so many crops (500)
  --cuts N    of each face so many, at most ${CUTS.length}, each way as often as the others (7)
  --pairs N   people until there are so many pairs (600)
  --seed N    another sample (1)
  --help      this text
`;

export async function copiesCommand(argv: readonly string[], stop: AbortSignal): Promise<void> {
  const { values, positionals } = readingArguments('npm run faces -- copies', () => readOptions(argv));
  if (values.help) return void process.stdout.write(usage);
  if (positionals.length === 0) throw new UserError('copies takes folders: npm run faces -- copies DIR [DIR…]');
  const countOf = (name: 'crops' | 'cuts' | 'pairs' | 'seed') => wholeNumber(`--${name}`, values[name], 1, 9_999_999);
  const [cropCount, cutCount, pairCount] = [countOf('crops'), countOf('cuts'), countOf('pairs')];
  const random = seededRandom(countOf('seed'));
  const found = await Promise.all(positionals.map((folder) => readPictures(readPath(folder))));
  const photos = inTurn(found.map((set) => shuffle(set.photos, random)));
  const people = sampleOfPairs(inTurn(found.map((set) => shuffle(set.people, random))), pairCount);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const progress = createProgress((text) => process.stderr.write(text));
  progress.step('opening the face engine');
  const trial = await openTrial();
  try {
    progress.step(`pairs: ${people.length} people`);
    const { pairs, selfies } = await measurePairs(trial, people, { stop, onStep: tellTimeLeft(progress) });
    progress.step(`crops: ${cropCount} of ${photos.length} photos`);
    const sample = { cropCount, cutCount, random };
    const crops = await measureCrops(trial, photos, sample, { stop, onStep: tellTimeLeft(progress) });
    progress.step('done');
    const figures = {
      ...summariseCrops(crops, print),
      ...summarisePairs(pairs, print),
      ...summariseSelfies(selfies, print),
    };
    print(JSON.stringify(figures));
    const { previewsRefused, shotsRefused, selfiesNotClear } = figures;
    const isAsAsked =
      previewsRefused >= REFUSED_CROPS_MIN && shotsRefused <= REFUSED_SHOTS_MAX && selfiesNotClear <= NOT_CLEAR_MAX;
    if (!isAsAsked) process.exitCode = 1;
  } finally {
    await trial.close();
  }
}

const outcomes = ['refused', 'not clear', 'from a photo', 'finds nobody', 'enrolled'] as const;

function summariseCrops(crops: readonly CropResult[], print: (line: string) => void) {
  const countIn = (some: readonly CropResult[], outcome: CropResult['outcome']) =>
    some.filter((crop) => crop.outcome === outcome).length;
  const row = (name: string, cells: readonly (string | number)[]) =>
    print(`  ${name.padEnd(34)}${cells.map((cell) => String(cell).padStart(14)).join('')}`);
  const line = (name: string, some: readonly CropResult[]) =>
    row(name, [some.length, ...outcomes.map((outcome) => countIn(some, outcome))]);
  row('CROPS', ['all', ...outcomes]);
  for (const [name, some] of Map.groupBy(crops, (crop) => crop.cut)) line(name, some);
  const previews = crops.filter(({ cut }) => !cut.startsWith('original'));
  line('all of previews and thumbnails', previews);
  line(
    'all of originals',
    crops.filter((crop) => !previews.includes(crop)),
  );
  for (const { photo, cut, outcome } of crops)
    if (outcome === 'enrolled' || outcome === 'finds nobody') print(`  ${outcome}: ${photo}, ${cut}`);
  const finding = countIn(previews, 'enrolled');
  const letIn = finding + countIn(previews, 'finds nobody');
  const passing = previews.length - countIn(previews, 'refused');
  return {
    photos: new Set(crops.map(({ photo }) => photo)).size,
    previewCrops: previews.length,
    previewsRefused: share(previews.length - letIn, previews.length),
    previewsFinding: share(finding, previews.length),
    /** Of those that no other rule refuses. */
    previewsRefusedAlone: share(passing - letIn, passing),
  };
}

function summarisePairs(pairs: readonly PairResult[], print: (line: string) => void) {
  const twice = pairs.filter((pair) => pair.isTwice);
  const shots = pairs.filter((pair) => !pair.isTwice);
  for (const { files } of twice) print(`  one picture twice: ${files.join(', ')}`);
  const refused = shots.filter((pair) => pair.isRefused);
  for (const { files, distance } of refused) print(`  refused: ${files.join(', ')} (${distance.toFixed(3)})`);
  print(`  ${shots.length} pairs of shots of one person, ${refused.length} refused; ${twice.length} are one picture`);
  return { pairs: shots.length, shotsRefused: share(refused.length, shots.length), twice: twice.length };
}

function summariseSelfies(selfies: readonly SelfieResult[], print: (line: string) => void) {
  const notClear = selfies.filter(({ reason }) => reason === 'not_clear');
  const taken = selfies.filter(({ reason }) => reason === undefined).length;
  for (const { file } of notClear) print(`  not clear: ${file}`);
  print(`  ${selfies.length} pictures of people, ${taken} will do as selfies, ${notClear.length} are not clear`);
  const wouldDo = taken + notClear.length;
  return { selfies: wouldDo, selfiesNotClear: share(notClear.length, wouldDo) };
}

const share = (part: number, all: number) => (all === 0 ? 0 : Math.round((10_000 * part) / all) / 10_000);

async function readPictures(folder: string): Promise<{ photos: string[]; people: Person[] }> {
  const isThere = async (name: string) => (await stat(path.join(folder, name)).catch(() => undefined)) !== undefined;
  if (await isThere('truth.json')) {
    const sets = await readLabels(folder);
    const people = sets.flatMap(({ enrolled }) => [...enrolled].map(([name, files]) => ({ name, files })));
    return { photos: sets.flatMap(({ photos }) => photos.map(({ file }) => file)), people };
  }
  const crowd = await readCrowd(folder);
  return { photos: [...crowd.groups], people: crowd.people.filter(({ files }) => files.length > 1) };
}

/** One of each set, then the next of each. */
function inTurn<Item>(sets: readonly (readonly Item[])[]): Item[] {
  const rounds = Math.max(0, ...sets.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, i) => sets.flatMap((set) => set.slice(i, i + 1))).flat();
}

/** The first people who make so many pairs. */
function sampleOfPairs(people: readonly Person[], pairCount: number): Person[] {
  let pairs = 0;
  return people.filter(({ files }) => {
    const isWanted = pairs < pairCount;
    if (isWanted) pairs += (files.length * (files.length - 1)) / 2;
    return isWanted;
  });
}

function tellTimeLeft(progress: Progress): (done: number, count: number) => void {
  const startedAt = performance.now();
  return (done, count) => {
    const minutes = ((performance.now() - startedAt) / 60_000 / Math.max(done, 1)) * (count - done);
    progress.wait(`${done} of ${count}${done > 0 ? `, about ${Math.ceil(minutes)} min left` : ''}`);
  };
}

function readOptions(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      crops: { type: 'string', default: '500' },
      cuts: { type: 'string', default: '7' },
      pairs: { type: 'string', default: '600' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
}

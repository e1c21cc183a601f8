import { stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readingArguments, readPath } from '@kilas/standalone/command-line.ts';
import { createProgress } from '@kilas/standalone/progress.ts';
import { UserError } from '@kilas/standalone/user-error.ts';
import { readLabels } from '../evaluate/read-labels.ts';
import { readCrowd } from '../strangers/read-crowd.ts';
import { openTrial } from '../trial/open-trial.ts';
import { type CropResult, measureCrops } from './measure-crops.ts';
import { measurePairs, type PairResult } from './measure-pairs.ts';

/** What a gate may ask: of crops of previews so many are refused, of second shots no more. */
const REFUSED_CROPS_MIN = 0.99;
const REFUSED_SHOTS_MAX = 0.005;

const usage = `npm run faces -- copies DIR [DIR…] [options]

Measures how often a selfie is refused that was cut from a photo whose faces are stored, and how often another picture of the same
person. A DIR holds truth.json, as "evaluate" reads it, or index.json, as "strangers" reads it. On a database that is thrown away:
photos (the labelled ones, the groups) are rendered as upload does and recognised; faces are cut out of their previews, thumbnails
and of themselves in many ways and judged as selfies. All pairs of pictures of one person (those enrolled, the portraits) are compared as a
selfie and a stored face are.

  refused        by the judge of every selfie (blurred, small, dark, no face…), or because it is from a photo
  finds nobody   would be enrolled, and is farther from all faces of its photo than any search reaches
  enrolled       would be enrolled, and finds somebody in its photo

Pairs nearer than any two shots of a person are taken for one picture that is there twice, are named and not counted. The last line is
JSON. Ends with 1 when fewer than ${REFUSED_CROPS_MIN} of the crops of previews that the judge would let pass are refused, or more than ${REFUSED_SHOTS_MAX} of the pairs.

  --photos N   at most so many photos
  --people N   at most so many people
  --help       this text
`;

export async function copiesCommand(argv: readonly string[], stop: AbortSignal): Promise<void> {
  const { values, positionals } = readingArguments('npm run faces -- copies', () => readOptions(argv));
  if (values.help) return void process.stdout.write(usage);
  if (positionals.length === 0) throw new UserError('copies takes folders: npm run faces -- copies DIR [DIR…]');
  const found = await Promise.all(positionals.map((folder) => readPictures(readPath(folder))));
  const photos = spread(
    found.flatMap((set) => set.photos),
    countOf(values.photos),
  );
  const people = spread(
    found.flatMap((set) => set.people),
    countOf(values.people),
  );
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const progress = createProgress((text) => process.stderr.write(text));
  progress.step('opening the face engine');
  const trial = await openTrial();
  try {
    const onStep = (done: number, count: number) => progress.wait(`${done} of ${count}`);
    progress.step(`pairs: ${people.length} people`);
    const pairs = await measurePairs(trial, people, { stop, onStep });
    progress.step(`crops: ${photos.length} photos`);
    const crops = await measureCrops(trial, photos, { stop, onStep });
    progress.step('done');
    const figures = { ...summariseCrops(crops, print), ...summarisePairs(pairs, print) };
    print(JSON.stringify(figures));
    if (figures.previewsRefused < REFUSED_CROPS_MIN || figures.shotsRefused > REFUSED_SHOTS_MAX) process.exitCode = 1;
  } finally {
    await trial.close();
  }
}

function summariseCrops(crops: readonly CropResult[], print: (line: string) => void) {
  const passing = ({ outcome }: CropResult) => outcome !== 'refused';
  const line = (name: string, some: readonly CropResult[]) => {
    const count = (outcome: CropResult['outcome']) => some.filter((crop) => crop.outcome === outcome).length;
    const figures = [some.length, count('refused'), count('from a photo'), count('finds nobody'), count('enrolled')];
    print(`  ${name.padEnd(34)}${figures.map((figure) => String(figure).padStart(14)).join('')}`);
  };
  print(
    `  ${'CROPS'.padEnd(34)}${['all', 'refused', 'from a photo', 'finds nobody', 'enrolled'].map((name) => name.padStart(14)).join('')}`,
  );
  for (const [name, some] of Map.groupBy(crops, (crop) => crop.cut)) line(name, some);
  line('all', crops);
  const ofPreviews = crops.filter((crop) => !crop.cut.startsWith('original')).filter(passing);
  const refused = ofPreviews.filter(({ outcome }) => outcome === 'from a photo').length;
  const enrolled = ofPreviews.filter(({ outcome }) => outcome === 'enrolled').length;
  for (const { photo, cut, outcome } of crops.filter((crop) => crop.outcome === 'enrolled'))
    print(`  ${outcome}: ${photo}, ${cut}`);
  return {
    previewCrops: crops.filter((crop) => !crop.cut.startsWith('original')).length,
    previewCropsPassing: ofPreviews.length,
    previewsRefused: share(refused, ofPreviews.length),
    previewsFinding: share(enrolled, ofPreviews.length),
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

const share = (part: number, all: number) => (all === 0 ? 0 : Math.round((10_000 * part) / all) / 10_000);

export interface Person {
  readonly name: string;
  readonly files: readonly string[];
}

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

function countOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new UserError(`--photos and --people take a number, not "${text}"`);
  return Number(text);
}

/** At most so many, spread over all. */
function spread<Item>(items: readonly Item[], max: number): Item[] {
  if (items.length <= max) return [...items];
  return Array.from({ length: max }, (_, i) => items[Math.floor((i * items.length) / max)]).filter(
    (item) => item !== undefined,
  );
}

function readOptions(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      photos: { type: 'string' },
      people: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
}

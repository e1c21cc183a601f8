import { parseArgs } from 'node:util';
import { readingArguments, readPath } from '@kilas/cli/command-line.ts';
import { createProgress } from '@kilas/cli/progress.ts';
import { UserError } from '@kilas/cli/user-error.ts';
import { isShownByDefault, usualCut } from '@kilas/matching/default-cut.ts';
import { openTrial } from '../trial/open-trial.ts';
import { type EvaluatedSet, evaluateSet } from './evaluate-set.ts';
import { printEvaluation } from './print-evaluation.ts';
import { ENROL_MAX, readLabels } from './read-labels.ts';

const usage = `npm run faces -- evaluate DIR [options]

Enrols and matches a labelled folder with the operations of the service, on a throwaway database, and says what is
found, missed and wrong. DIR/truth.json gives for each set
  "photos":   { file: [person…] }   who is in each photo, the file's path from DIR
  "optional": { file: [person…] }   who may be found there or not
People are enrolled from <set>/crops/<person>/* or <set>/enrol/<person>/*, up to ${ENROL_MAX} pictures each. Each set is an
event of its own: its people are judged only in its photos.

A picture that would be refused as a facecam is named, and still enrolled by its largest face.

  found      labelled people found by a face that nobody else who is in the photo is nearer to
    missed     labelled people who are not found, also if they are asked; optional ones do not count
  wrong      people found by the face of somebody else who is labelled in the photo
    strangers  people found by a face of somebody who is not labelled in the photo
  asked      people who would be asked whether it is them, and counted nowhere else: the face may not decide, or is nearer to
             somebody else

The last line is JSON, at the default cut. Ends with 1 when anybody is missed, wrong or a stranger.

  --strict   leaves pictures out that would be refused as a facecam
  --help     this text
`;

export async function evaluateCommand(argv: readonly string[], stop: AbortSignal): Promise<void> {
  const { values, positionals } = readingArguments('npm run faces -- evaluate', () => readOptions(argv));
  if (values.help) return void process.stdout.write(usage);
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) {
    throw new UserError('evaluate takes one labelled folder: npm run faces -- evaluate DIR');
  }
  const sets = await readLabels(readPath(folder));
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const progress = createProgress((text) => process.stderr.write(text));
  progress.step('opening the face engine');
  const trial = await openTrial();
  const evaluated: EvaluatedSet[] = [];
  try {
    for (const set of sets) {
      for (const file of set.unlabelled) print(`${file} is not in truth.json and left out`);
      progress.step(`${set.name}: ${set.enrolled.size} people, ${set.photos.length} photos`);
      evaluated.push(
        await evaluateSet(trial, set, { isStrict: values.strict, stop, onStep: (what) => progress.wait(what) }),
      );
    }
    progress.step('done');
  } finally {
    await trial.close();
  }
  const { found, missed, wrong, strangers } = printEvaluation(
    evaluated,
    ({ faceCount }, sighting) => isShownByDefault(usualCut(), sighting, faceCount * sighting.facecamCount),
    print,
  );
  print(JSON.stringify({ found, missed, wrong, strangers }));
  if (missed + wrong + strangers > 0) process.exitCode = 1;
}

function readOptions(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { strict: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
}

import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { readPath } from '@kilas/cli/command-line.ts';
import { createProgress, type Progress } from '@kilas/cli/progress.ts';
import { UserError } from '@kilas/cli/user-error.ts';
import { type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';
import { refuseSecondRun } from '@kilas/installation/start-databases.ts';
import { journalOf, startEmbedded } from '@kilas/installation/target/embedded-target.ts';
import { dataFolderOf, openTarget, readTargetOptions, targetUsage } from '@kilas/installation/target/open-target.ts';
import type { Target } from '@kilas/installation/target/target.ts';
import { openErasureJournal } from '@kilas/storage/erasure-journal.ts';
import type { Manifest } from '../backup/manifest.ts';
import { checkBackup } from './check-backup.ts';
import { checkSpace } from './check-space.ts';
import { emptyDatabase, isEmpty, refuseOthers } from './empty-database.ts';
import { prepareFolder } from './prepare-folder.ts';
import { checkJournal, restoreBackup } from './restore-backup.ts';
import { settle } from './settle.ts';

const usage = `npm run restore -- --from FOLDER [options]
npm run restore -- --after-physical [options]

Loads a backup, carries out again every withdrawal of a consent that came after it, and mends what does not fit together.
Kilas must not run meanwhile. Start it afterwards.

  --from FOLDER     what npm run backup made
  --after-physical  the databases and objects were restored by other means: only the steps after loading
${targetUsage}
    --replace         if there is an installation already: moves a data folder's aside, or empties the databases
  --journal-is-lost restores although the journal of erasures is gone or shorter than it was
  --help            this text
`;

type Options = ReturnType<typeof readOptions>;

interface Task {
  readonly options: Options;
  readonly progress: Progress;
  readonly stop: AbortSignal;
}

export async function restoreCommand(argv: readonly string[], stop: AbortSignal): Promise<void> {
  const options = readOptions(argv);
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  if ((options.from === undefined) !== options['after-physical']) {
    throw new UserError('Name either a backup with --from, or --after-physical.');
  }
  const task = { options, progress: createProgress(), stop };
  const isWhole = await (options['after-physical'] ? settleOnly(task) : restore(task));
  task.progress.step(isWhole ? 'restored: start Kilas' : 'restored, but see above what needs you before Kilas starts');
  if (!isWhole) process.exitCode = 1;
}

async function settleOnly({ options, progress }: Task): Promise<boolean> {
  if (options.env.length === 0) await refuseSecondRun(dataFolderOf(options.data));
  const target = await openTarget(options);
  try {
    if (target.dataFolder === undefined) {
      for (const name of serviceNames) await refuseOthers(target.databaseUrls[name]);
    }
    return await settle({ target, areObjectsCopies: false, onStep: progress.step });
  } finally {
    await target.close();
  }
}

async function restore(task: Task): Promise<boolean> {
  const { options, progress, stop } = task;
  const folder = readPath(options.from ?? '');
  const onProgress = (count: number) => progress.wait(`${count} files checked`);
  const manifest = await checkBackup({ folder, stop, onProgress });
  progress.step(`the backup is whole; it is of the state of ${manifest.databases.transaction.takenAt}`);
  const load = async (target: Target) => {
    const says = { onStep: progress.step, onWait: (message: string) => progress.wait(message) };
    await restoreBackup({ target, manifest, folder, stop, ...says });
    // A data folder begins empty; buckets may hold what came after the backup.
    return settle({ target, areObjectsCopies: options.env.length === 0, onStep: progress.step });
  };
  return options.env.length > 0 ? restoreEnv(task, manifest, load) : restoreFolder(task, manifest, folder, load);
}

async function restoreFolder(
  { options, progress }: Task,
  manifest: Manifest,
  folder: string,
  load: (target: Target) => Promise<boolean>,
): Promise<boolean> {
  const dataFolder = dataFolderOf(options.data);
  const journal = openErasureJournal(journalOf(dataFolder));
  if (!options['journal-is-lost']) await checkJournal({ journal }, manifest);
  await checkSpace(dataFolder, folder, manifest);
  const prepared = await prepareFolder(dataFolder, options.replace);
  const secrets = path.join(dataFolder, 'installation.json');
  if (manifest.secrets !== null && !existsSync(secrets))
    await copyFile(path.join(folder, manifest.secrets.path), secrets);
  const target = await startEmbedded(dataFolder);
  try {
    const isWhole = await load(target);
    await prepared.finish();
    if (prepared.aside !== null) {
      progress.step(`the state before lies in ${prepared.aside}, with what was erased since: delete it when you can`);
    }
    return isWhole;
  } finally {
    await target.close();
  }
}

async function restoreEnv(
  { options, progress }: Task,
  manifest: Manifest,
  load: (target: Target) => Promise<boolean>,
): Promise<boolean> {
  const target = await openTarget(options);
  if (!options['journal-is-lost']) await checkJournal(target, manifest);
  const filled: ServiceName[] = [];
  for (const name of serviceNames) if (!(await isEmpty(target.databaseUrls[name]))) filled.push(name);
  if (filled.length > 0 && !options.replace) {
    throw new UserError(`The databases of ${filled.join(', ')} are not empty: --replace deletes what they hold.`);
  }
  for (const name of filled) await emptyDatabase(target.databaseUrls[name]);
  if (filled.length > 0) progress.step(`emptied the databases of ${filled.join(', ')}`);
  return load(target);
}

function readOptions(argv: readonly string[]) {
  return readTargetOptions('npm run restore', argv, {
    from: { type: 'string' },
    replace: { type: 'boolean', default: false },
    'after-physical': { type: 'boolean', default: false },
    'journal-is-lost': { type: 'boolean', default: false },
  });
}

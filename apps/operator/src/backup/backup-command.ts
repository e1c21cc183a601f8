import { existsSync } from 'node:fs';
import path from 'node:path';
import { readPath, readPort, wholeNumber } from '@kilas/cli/command-line.ts';
import { createProgress, type Progress } from '@kilas/cli/progress.ts';
import { UserError } from '@kilas/cli/user-error.ts';
import { openTarget, readTargetOptions, targetUsage } from '@kilas/installation/target/open-target.ts';
import type { Target } from '@kilas/installation/target/target.ts';
import { systemClock } from '@kilas/platform/process/clock.ts';
import { serveBackupMetrics } from './backup-metrics.ts';
import { makeBackup } from './make-backup.ts';
import { backUpNightly, readTimeOfDay } from './nightly.ts';

const usage = `npm run backup -- --to FOLDER [options]

Writes the five databases, the objects and a manifest with the sum of every file to a new folder. Kilas may serve meanwhile.

  --to FOLDER       a folder that is not there yet, best on another disk; with --nightly the folder that holds one a night
${targetUsage}
  --without-objects leave the photos and selfies out, when they are kept safe by other means
  --with-secrets    with installation.json of the data folder: whoever reads the backup can then act as the installation
    --nightly HH:MM   keeps running and makes a backup each day at this time (UTC); the first at once if there is none. With HTTP_PORT
                    in the environment it serves /metrics and /healthz there
  --keep-days N     with --nightly: removes older backups, but never the last whole one (30)
  --help            this text
`;

export async function backupCommand(argv: readonly string[], stop: AbortSignal): Promise<void> {
  const options = readOptions(argv);
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  if (options.to === undefined) throw new UserError('--to is missing: it names the folder that the backup makes.');
  const progress = createProgress();
  const target = await openTarget(options);
  const to = readPath(options.to);
  const backUp = async (folder: string) => {
    const manifest = await makeBackup({
      target,
      to: folder,
      withObjects: !options['without-objects'],
      ...(options['with-secrets'] ? { secretsFile: secretsOf(target) } : {}),
      stop,
      onStep: progress.step,
      onWait: (message) => progress.wait(message),
    });
    progress.step(`the backup stands in ${folder}, of the state of ${manifest.databases.transaction.takenAt}`);
  };
  try {
    if (options.nightly === undefined) await backUp(to);
    else await runNightly({ to, at: options.nightly, keepDays: options['keep-days'], backUp, stop, progress });
  } finally {
    await target.close();
  }
}

async function runNightly(options: {
  readonly to: string;
  readonly at: string;
  readonly keepDays: string;
  readonly backUp: (folder: string) => Promise<void>;
  readonly stop: AbortSignal;
  readonly progress: Progress;
}): Promise<void> {
  const { to: folder, backUp, stop, progress } = options;
  const atMinute = readTimeOfDay(options.at);
  const keepDays = wholeNumber('--keep-days', options.keepDays, 1, 36_500);
  const port = process.env.HTTP_PORT;
  const stopServing = port === undefined ? async () => {} : await serveBackupMetrics(folder, readPort(port));
  try {
    await backUpNightly({ folder, atMinute, keepDays, backUp, clock: systemClock, stop, onStep: progress.step });
  } finally {
    await stopServing();
  }
}

function readOptions(argv: readonly string[]) {
  return readTargetOptions('npm run backup', argv, {
    to: { type: 'string' },
    'without-objects': { type: 'boolean', default: false },
    'with-secrets': { type: 'boolean', default: false },
    nightly: { type: 'string' },
    'keep-days': { type: 'string', default: '30' },
  });
}

function secretsOf({ dataFolder }: Target): string {
  const file = path.join(dataFolder ?? '', 'installation.json');
  if (dataFolder !== undefined && existsSync(file)) return file;
  throw new UserError('--with-secrets goes with a data folder: other installations keep their secrets elsewhere.');
}

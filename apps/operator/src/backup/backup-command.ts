import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readingArguments, readPath } from '@kilas/standalone/command-line.ts';
import { createProgress } from '@kilas/standalone/progress.ts';
import { UserError } from '@kilas/standalone/user-error.ts';
import { envFilesOf, openTarget, targetOptions, targetUsage } from '../target/open-target.ts';
import type { Target } from '../target/target.ts';
import { makeBackup } from './make-backup.ts';

const usage = `npm run backup -- --to FOLDER [options]

Writes the five databases, the objects and a manifest with the sum of every file to a new folder. Kilas may serve meanwhile.

  --to FOLDER       a folder that is not there yet, best on another disk
${targetUsage}
  --without-objects leave the photos and selfies out, when they are kept safe by other means
  --with-secrets    with installation.json of the data folder: whoever reads the backup can then act as the installation
  --help            this text
`;

export async function backupCommand(argv: readonly string[], stop: AbortSignal): Promise<void> {
  const options = readingArguments('npm run backup', () => readOptions(argv));
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  if (options.to === undefined) throw new UserError('--to is missing: it names the folder that the backup makes.');
  const progress = createProgress();
  const target = await openTarget(options);
  try {
    const to = readPath(options.to);
    const manifest = await makeBackup({
      target,
      to,
      withObjects: !options['without-objects'],
      ...(options['with-secrets'] ? { secretsFile: secretsOf(target) } : {}),
      stop,
      onStep: progress.step,
      onWait: (message) => progress.wait(message),
    });
    progress.step(`the backup stands in ${to}, of the state of ${manifest.databases.transaction.takenAt}`);
  } finally {
    await target.close();
  }
}

function readOptions(argv: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      ...targetOptions,
      'without-objects': { type: 'boolean', default: false },
      'with-secrets': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return { ...values, env: envFilesOf('npm run backup', values.env, positionals) };
}

function secretsOf({ dataFolder }: Target): string {
  const file = path.join(dataFolder ?? '', 'installation.json');
  if (dataFolder !== undefined && existsSync(file)) return file;
  throw new UserError('--with-secrets goes with a data folder: other installations keep their secrets elsewhere.');
}

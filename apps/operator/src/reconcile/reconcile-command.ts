import { wholeNumber } from '@kilas/cli/command-line.ts';
import { createProgress } from '@kilas/cli/progress.ts';
import { openTarget, readTargetOptions, targetUsage } from '@kilas/installation/target/open-target.ts';
import { printReport, printSummary } from './print-report.ts';
import { reconcile } from './reconcile.ts';

const usage = `npm run reconcile -- [options]

Compares the five databases with each other, with the objects and with the journal of erasures. Kilas may serve meanwhile.
Ends with 1 when something dangles; the last line is JSON.

${targetUsage}
    --mend            deletes what nobody may keep, and makes again what can be made again
  --force           mends also if more than a fifth of all dangles
  --delete-originals  with --mend: also deletes originals that no row names, which may be newer than the databases
  --grace SECONDS   ignores everything younger (default 7200)
  --help            this text
`;

export async function reconcileCommand(argv: readonly string[], stop: AbortSignal): Promise<void> {
  const options = readOptions(argv);
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  const graceSeconds = wholeNumber('--grace', options.grace, 0, 2 ** 31);
  const progress = createProgress((text) => process.stderr.write(text));
  const target = await openTarget(options);
  try {
    const report = await reconcile({
      target,
      isMending: options.mend,
      isForced: options.force,
      isDeletingOriginals: options['delete-originals'],
      graceSeconds,
      onWait: (name) => {
        stop.throwIfAborted();
        progress.wait(name);
      },
    });
    printReport(report);
    printSummary(report);
    if (report.danglingCount > 0) process.exitCode = 1;
  } finally {
    await target.close();
  }
}

function readOptions(argv: readonly string[]) {
  return readTargetOptions('npm run reconcile', argv, {
    mend: { type: 'boolean', default: false },
    force: { type: 'boolean', default: false },
    'delete-originals': { type: 'boolean', default: false },
    grace: { type: 'string', default: '7200' },
  });
}

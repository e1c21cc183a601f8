import { parseArgs } from 'node:util';
import { wholeNumber } from '@kilas/cli/command-line.ts';
import { UserError } from '@kilas/cli/user-error.ts';

const parts = ['isolation', 'drain'] as const;

export type Part = (typeof parts)[number];

export interface Arguments {
  /** Length of each of the two measured phases. */
  readonly seconds: number;
  /** Photos of the queue that is drained by one and by two replicas. */
  readonly photos: number;
  /** Uploads that the photographer has on the way at once. */
  readonly atOnce: number;
  readonly parts: readonly Part[];
  readonly isHelp: boolean;
}

export const usage = `Usage: npm run bench -- isolation [--seconds 40] [--at-once 1] [--photos 40] [--only isolation|drain]

Measures what buyers feel while photographers upload. Starts a cluster with one replica of each service, upload and ai
confined to one core (Linux: taskset), and uses it until its code is warm. p95 of explore and of checkout (preview and order together),
first idle, then while uploads come so fast that their queues are never empty: --at-once of them at a time, one after the other without
a pause, from a program of low priority on the same core. Then a queue of --photos photos is drained by one and by two replicas of upload and ai.
The last line is JSON: exploreRatio, checkoutRatio (busy p95 over idle p95), the busy p95 and the idle p50 in milliseconds, acceptedPerSecond
(photos, while busy), feederAtOnce, feederPriority, drainRatio (two replicas over one), cores. Nothing else may run on the machine: what does counts as ours.
`;

export function readArguments(argv: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seconds: { type: 'string', default: '40' },
      photos: { type: 'string', default: '40' },
      'at-once': { type: 'string', default: '1' },
      only: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return {
    seconds: wholeNumber('--seconds', values.seconds, 5, 600),
    photos: wholeNumber('--photos', values.photos, 4, 1000),
    atOnce: wholeNumber('--at-once', values['at-once'], 1, 100),
    parts: partsOf(values.only),
    isHelp: values.help,
  };
}

function partsOf(only: string | undefined): readonly Part[] {
  if (only === undefined) return parts;
  const found = parts.filter((part) => part === only);
  if (found.length === 0) throw new UserError(`--only takes ${parts.join(' or ')}, not "${only}".`);
  return found;
}

import { parseArgs } from 'node:util';
import { fullPlan, nameOf, onlyFaults, type Plan, shortPlan } from './plan.ts';

export const usage = `Usage: npm run drill [-- options]

Starts the five services as two processes each, with all that they need, puts them under load, and kills, freezes,
restarts and removes one part after another. Then it checks whether anything that was accepted is lost or was done twice.
See docs/drill.md.

  --short         what runs in CI: fewer uploads and orders, each kind of fault at least once
  --only <fault>  this fault alone: a kind (kill) or one of it (kill-upload)
  --seed <n>      of the choices that the load makes; 1 without it
  --sabotage      runs an upload service that answers before it commits: the drill must find that uploads are lost
  --data <folder> keeps the data and the logs there; a folder that is deleted afterwards without it
  --help

faults: ${fullPlan.faults.map(nameOf).join(' ')}

Progress and the report go to stderr, the last line of stdout is JSON:
{"faults":…,"accepted":…,"lost":…,"doubled":…,"successRate":…,"drained":…}
Exit code 1 when something was lost or done twice, when less than 99 % of the requests whose parts were alive succeeded at once,
or when a queue did not drain.
`;

export interface DrillOptions {
  readonly plan: Plan;
  readonly isShort: boolean;
  readonly seed: number;
  readonly isSabotaged: boolean;
  readonly dataFolder: string | undefined;
}

export class UsageError extends Error {}

/** Undefined for --help; throws a UsageError. */
export function readArguments(argv: readonly string[]): DrillOptions | undefined {
  const values = parse(argv);
  if (values.help === true) return undefined;
  const seed = Number(values.seed ?? '1');
  if (!Number.isSafeInteger(seed) || seed < 0) throw new UsageError('--seed takes a whole number from 0 on');
  const isShort = values.short === true;
  const plan = onlyFaults(isShort ? shortPlan : fullPlan, values.only);
  if (plan.faults.length === 0) throw new UsageError(`there is no fault "${values.only}"`);
  return { plan, isShort, seed, isSabotaged: values.sabotage === true, dataFolder: values.data };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        short: { type: 'boolean' },
        only: { type: 'string' },
        seed: { type: 'string' },
        sabotage: { type: 'boolean' },
        data: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

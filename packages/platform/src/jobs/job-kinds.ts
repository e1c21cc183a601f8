import { z } from 'zod';

/** How a job is tried again. */
export interface Retries {
  /** Tries after the first one before the job counts as failed. */
  readonly retryCountMax: number;
  /** First and longest wait between tries, in seconds; the wait doubles. */
  readonly retryDelaySeconds: number;
  readonly retryDelayMaxSeconds: number;
}

/** A kind of durable job: its queue, the shape of its data and how it is retried. */
export interface JobKind<Data> extends Retries {
  readonly name: string;
  readonly data: z.ZodType<Data>;
  /** A job that works longer is given to another worker, in seconds. */
  readonly timeoutSeconds: number;
  /**
   * How long the data of a job that ended stay in the database, where they are personal; a few seconds may pass besides. Without it a job that
   * was done stays for a week, and one that failed until a person has acknowledged it.
   */
  readonly keptSeconds?: number;
  /** With a key, jobs of the same key run one after another in the order sent, and a failed one holds those behind it. */
  readonly ordered?: boolean;
}

/** A job that the clock sends. */
export interface TimedKind extends JobKind<Record<string, never>> {
  /** When, as cron has it, in UTC. */
  readonly cron: string;
}

/** Days of tries: another service may be away for long, and then comes back. */
export const patient: Retries = { retryCountMax: 20_000, retryDelaySeconds: 1, retryDelayMaxSeconds: 30 };

/** For a job whose next run does what this one left. */
const untilNextRun: Retries = { retryCountMax: 0, retryDelaySeconds: 1, retryDelayMaxSeconds: 1 };

/** A run that fails is followed by the next one, unless the kind says how it is tried again before. */
export function timedJob(kind: Pick<TimedKind, 'name' | 'cron' | 'timeoutSeconds'> & Partial<Retries>): TimedKind {
  return { data: z.strictObject({}), ...untilNextRun, ...kind };
}

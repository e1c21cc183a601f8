import { setTimeout as delay } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import { sql, type Transaction } from 'kysely';
import { fromKysely, PgBoss } from 'pg-boss';
import { z } from 'zod';
import { newId } from './ids.ts';
import type { Log } from './log.ts';
import { currentRequestId, withRequestContext } from './request-context.ts';

/** A kind of durable job: its queue, the shape of its data and how it is retried. */
export interface JobKind<Data> {
  readonly name: string;
  readonly data: z.ZodType<Data>;
  /** Tries after the first one before the job counts as failed. */
  readonly retryCountMax: number;
  /** First and longest wait between tries, in seconds; the wait doubles. */
  readonly retryDelaySeconds: number;
  readonly retryDelayMaxSeconds: number;
  /** A job that works longer is given to another worker, in seconds. */
  readonly timeoutSeconds: number;
  /** How long the data of a job that ended stay in the database, by default a week; a few seconds may pass besides. */
  readonly keptSeconds?: number;
  /** With a key, jobs of the same key run one after another in the order sent, and a failed one holds those behind it. */
  readonly ordered?: boolean;
}

export interface JobRun<Data> {
  readonly data: Data;
  /** 0 on the first try. */
  readonly attempt: number;
  readonly isLastAttempt: boolean;
  /** Aborts when the job took too long or the worker stops. */
  readonly signal: AbortSignal;
}

export interface SendOptions {
  /** For an ordered kind, what is kept in order. */
  readonly key?: string;
  readonly startAfter?: Date;
}

type Handler<Data> = (run: JobRun<Data>) => Promise<void>;

const schema = 'jobs';
const heartbeatSeconds = 10;
/** Ten years. By default a job is deleted after 14 days, and with it what a machine that was switched off had left to do. */
const retentionSeconds = 315_360_000;
/** A job that runs longer than this when the worker stops is asked to end, in milliseconds; it comes again. */
const holdMaxMs = 10_000;
/** How long a worker rests that met a service which is away or busy, in milliseconds. */
const restMs = 1_000;
const keptSeconds = 7 * 24 * 3600;

/** Durable jobs in the service's own database (pg-boss). A job is sent in the transaction of the fact that causes it. */
export class Jobs {
  readonly #boss: PgBoss;
  readonly #log: Log;
  readonly #workers: { kind: JobKind<unknown>; start: () => Promise<void> }[] = [];
  readonly #holdMaxMs: number;
  #holding = new AbortController();
  #isWorking = false;

  constructor(options: { databaseUrl: string; log: Log; holdMaxMs?: number }) {
    this.#log = options.log;
    this.#holdMaxMs = options.holdMaxMs ?? holdMaxMs;
    this.#boss = new PgBoss({
      connectionString: options.databaseUrl,
      schema,
      max: 4,
      application_name: 'kilas-jobs',
      useListenNotify: true,
      // Low, so that the jobs of a killed worker come back within seconds.
      superviseIntervalSeconds: 5,
      monitorIntervalSeconds: 5,
      // How soon what ended is deleted after its time.
      maintenanceIntervalSeconds: 10,
    });
    this.#boss.on('error', (error) => this.#log.error({ err: error }, 'job queue error'));
  }

  /** Installs or upgrades the queue's tables and makes the queues of the kinds given. */
  async start(kinds: readonly JobKind<unknown>[]): Promise<void> {
    await this.#boss.start();
    for (const kind of kinds) {
      const options = {
        retryLimit: kind.retryCountMax,
        retryDelay: kind.retryDelaySeconds,
        retryBackoff: true,
        retryDelayMax: kind.retryDelayMaxSeconds,
        expireInSeconds: kind.timeoutSeconds,
        deleteAfterSeconds: kind.keptSeconds ?? keptSeconds,
        heartbeatSeconds,
        retentionSeconds,
        notify: true,
      };
      await this.#boss.createQueue(kind.name, { ...options, ...(kind.ordered ? { policy: 'key_strict_fifo' } : {}) });
      // A queue that an older version made keeps that version's options otherwise.
      await this.#boss.updateQueue(kind.name, options);
    }
  }

  /** Sends a job; it exists if and only if the transaction commits. */
  async send<Data extends object>(
    // biome-ignore lint/suspicious/noExplicitAny: a transaction of whatever schema
    tx: Transaction<any>,
    kind: JobKind<Data>,
    data: Data,
    options: SendOptions = {},
  ): Promise<void> {
    const id = newId();
    const sent = await this.#boss.send(
      kind.name,
      { data, requestId: currentRequestId() ?? newId() },
      {
        id,
        db: fromKysely(tx),
        ...(options.key === undefined ? {} : { singletonKey: options.key }),
        ...(options.startAfter === undefined ? {} : { startAfter: options.startAfter }),
      },
    );
    if (sent === null) throw new Error(`the queue ${kind.name} did not take a job`);
    if (!kind.ordered) return;
    // The queue orders by the time when the transaction began; by then it may not have held the lock that gave it its turn.
    await sql`update ${sql.table(`${schema}.job`)} set created_on = clock_timestamp()
      where name = ${kind.name} and id = ${id}`.execute(tx);
  }

  /** Says who does the jobs of a kind; they are taken once `work` was called. */
  handle<Data>(kind: JobKind<Data>, concurrency: number, handler: Handler<Data>): void {
    const envelope = z.object({ data: kind.data, requestId: z.string() });
    this.#workers.push({
      kind,
      start: async () => {
        const workerId: string = await this.#boss.work(
          kind.name,
          {
            localConcurrency: concurrency,
            includeMetadata: true,
            pollingIntervalSeconds: 1,
            notifyPollingIntervalSeconds: 1,
          },
          async ([job]) => {
            if (job === undefined) return;
            const { data, requestId } = envelope.parse(job.data);
            const run = {
              data,
              attempt: job.retryCount,
              isLastAttempt: job.retryCount >= job.retryLimit,
              signal: AbortSignal.any([job.signal, this.#holding.signal]),
            };
            await withRequestContext({ requestId }, async () => {
              try {
                await handler(run);
              } catch (error) {
                const failure = { err: error, job: kind.name, jobId: job.id, attempt: run.attempt };
                if (run.isLastAttempt) this.#log.error(failure, 'job failed for good');
                else this.#log[isRound(run.attempt + 1) ? 'warn' : 'debug'](failure, 'job failed');
                // Or thousands of jobs that wait would ask it as fast as they can.
                if (isAway(error)) await delay(restMs, undefined, { signal: run.signal }).catch(() => {});
                throw error;
              } finally {
                // Without this the worker waits out its polling interval although more jobs may be there.
                this.#boss.notifyWorker(workerId);
              }
            });
          },
        );
      },
    });
  }

  /** Starts taking jobs. */
  async work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    for (const worker of this.#workers) await worker.start();
  }

  /** Stops taking jobs, waits for those that run, leaves the others waiting. */
  async hold(): Promise<void> {
    if (!this.#isWorking) return;
    this.#isWorking = false;
    const impatient = setTimeout(() => this.#holding.abort(new Error('the worker stops')), this.#holdMaxMs);
    await Promise.all(this.#workers.map(({ kind }) => this.#boss.offWork(kind.name, { wait: true })));
    clearTimeout(impatient);
    this.#holding = new AbortController();
  }

  /** Runs a job of this kind by a cron expression (UTC), once however many replicas there are. */
  async schedule(kind: JobKind<Record<string, never>>, cron: string): Promise<void> {
    await this.#boss.schedule(kind.name, cron, { data: {}, requestId: 'schedule' });
  }

  /** How many jobs of a kind wait or run. */
  async countOpen(kind: JobKind<unknown>): Promise<number> {
    // getQueueStats would answer what it counted up to a minute ago.
    const { rows } = await this.#boss
      .getDb()
      .executeSql(`select count(*)::int as count from ${schema}.job where name = $1 and state < 'completed'`, [
        kind.name,
      ]);
    return z.object({ count: z.number() }).parse(rows[0]).count;
  }

  async stop(): Promise<void> {
    this.#isWorking = false;
    await this.#boss.stop({ graceful: true, timeout: 20_000 });
  }
}

/** The 1st, 2nd, 4th, 8th … of something: a service that is away for a day does not fill the log. */
function isRound(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}

function isAway(error: unknown): boolean {
  return error instanceof ConnectError && [Code.Unavailable, Code.ResourceExhausted].includes(error.code);
}

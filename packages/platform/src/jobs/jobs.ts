import { setTimeout as delay } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import { sql, type Transaction } from 'kysely';
import { fromKysely, PgBoss } from 'pg-boss';
import { z } from 'zod';
import { DatabaseAway, translateError } from '../db/database-away.ts';
import { systemClock } from '../process/clock.ts';
import { newId } from '../process/ids.ts';
import { isRound } from '../process/is-round.ts';
import type { Log } from '../process/log.ts';
import { currentJobPriority, currentRequestId, withRequestContext } from '../process/request-context.ts';
import { logTrouble } from '../process/trouble-log.ts';
import {
  announceJobs,
  type ObservedJob,
  observeJob,
  observeQueues,
  type QueueState,
} from '../telemetry/observe-jobs.ts';
import { currentTraceparent } from '../telemetry/traceparent.ts';
import { sweepEndedJobs } from './ended-jobs.ts';
import { installQueue } from './install-queue.ts';
import type { JobKind, TimedKind } from './job-kinds.ts';
import { PooledQueue } from './pooled-queue.ts';

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
  /** Of jobs of a kind that wait the highest goes first, of equals the oldest. Without it that of the job that sends it, else 0. */
  readonly priority?: number;
}

type Handler<Data> = (run: JobRun<Data>) => Promise<void>;

const schema = 'jobs';
/** Connections of a process. */
const max = 4;
const heartbeatSeconds = 10;
/** Ten years. By default a job is deleted after 14 days, and with it what a machine that was switched off had left to do. */
const retentionSeconds = 315_360_000;
/** A job that runs longer than this when the worker stops is asked to end, in milliseconds; it comes again. */
const holdMaxMs = 10_000;
/** How long a worker rests that met a service which is away or busy, in milliseconds. */
const restMs = 1_000;
/**
 * For a role that may change no table: what there was to install, its owner has done. `migrate: false` would refuse to start
 * on the queue of a newer release, which a replica of the older one must be able to do.
 */
const withoutDdl = { createSchema: false, reindex: false, bamIntervalSeconds: 86_400 };
/** For pg. Of a server that vanished in the middle of a statement nothing else would ever tell. */
const connection = { keepAlive: true, keepAliveInitialDelayMillis: 10_000, query_timeout: 120_000 };
const keptSeconds = 7 * 24 * 3600;
/** How soon what ended is deleted after its time. */
const sweepEveryMs = 10_000;

const queueState = z.object({
  kind: z.string(),
  waiting: z.number(),
  delayed: z.number(),
  active: z.number(),
  failed: z.number(),
  oldestWaitSeconds: z.number(),
});

/** Durable jobs in the service's own database (pg-boss). A job is sent in the transaction of the fact that causes it. */
export class Jobs {
  readonly #boss: PgBoss;
  readonly #log: Log;
  readonly #service: string;
  readonly #workers: { kind: JobKind<unknown>; start: () => Promise<void> }[] = [];
  readonly #holdMaxMs: number;
  #holding = new AbortController();
  #sweeper: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #isWorking = false;
  #stopObserving = () => {};

  readonly #ownerUrl: string | undefined;
  readonly #databaseUrl: string;
  readonly #pooled: PooledQueue | undefined;

  constructor(options: {
    /** Of the server itself. */
    databaseUrl: string;
    /** Where all statements but LISTEN go, when it leads to a pooler that gives each transaction another session. */
    pooledUrl?: string;
    /** The role that owns the queue's tables, where that is another. */
    ownerUrl?: string;
    log: Log;
    holdMaxMs?: number;
  }) {
    this.#ownerUrl = options.ownerUrl;
    this.#databaseUrl = options.databaseUrl;
    this.#log = options.log;
    this.#service = String(options.log.bindings().service);
    this.#holdMaxMs = options.holdMaxMs ?? holdMaxMs;
    const onTrouble = logTrouble(this.#log, systemClock, 'job queue error');
    const rights = options.ownerUrl === undefined ? {} : withoutDdl;
    const settings = { ...connection, application_name: `kilas-${this.#service} jobs` };
    this.#pooled =
      options.pooledUrl === undefined
        ? undefined
        : new PooledQueue({ ...options, pooledUrl: options.pooledUrl, rights, schema, max, settings, onTrouble });
    this.#boss = new PgBoss({
      ...(this.#pooled === undefined ? { connectionString: options.databaseUrl, max } : { db: this.#pooled }),
      ...settings,
      schema,
      useListenNotify: true,
      ...rights,
      // Low, so that the jobs of a killed worker come back within seconds.
      superviseIntervalSeconds: 5,
      monitorIntervalSeconds: 5,
      maintenanceIntervalSeconds: 10,
    });
    // Each worker says each second that the database is away.
    this.#boss.on('error', onTrouble);
  }

  /** Installs or upgrades the queue's tables and makes the queues of the kinds given. */
  async start(kinds: readonly JobKind<unknown>[]): Promise<void> {
    if (this.#ownerUrl !== undefined) {
      await installQueue({ ownerUrl: this.#ownerUrl, databaseUrl: this.#databaseUrl, schema });
    }
    await this.#pooled?.start();
    await this.#boss.start();
    for (const kind of kinds) {
      const options = {
        retryLimit: kind.retryCountMax,
        retryDelay: kind.retryDelaySeconds,
        retryBackoff: true,
        retryDelayMax: kind.retryDelayMaxSeconds,
        expireInSeconds: kind.timeoutSeconds,
        // What ended is deleted here: pg-boss would make no difference between what was done and what failed.
        deleteAfterSeconds: 0,
        heartbeatSeconds,
        retentionSeconds,
        notify: true,
      };
      await this.#boss.createQueue(kind.name, { ...options, ...(kind.ordered ? { policy: 'key_strict_fifo' } : {}) });
      // A queue that an older version made keeps that version's options otherwise.
      await this.#boss.updateQueue(kind.name, options);
    }
    this.#sweepEnded(kinds);
    this.#stopObserving();
    this.#stopObserving = observeQueues(this.#service, () => this.#readQueues(kinds.map(({ name }) => name)));
  }

  #sweepEnded(kinds: readonly JobKind<unknown>[]): void {
    const ended = kinds.map(({ name, keptSeconds: kept }) => ({
      name,
      keptSeconds: kept ?? keptSeconds,
      isPersonal: kept !== undefined,
    }));
    const onTrouble = logTrouble(this.#log, systemClock, 'jobs that ended could not be deleted');
    const sweep = () => sweepEndedJobs(this.#boss, schema, ended).catch(onTrouble);
    clearInterval(this.#sweeper);
    this.#sweeper = setInterval(() => (this.#sweeping = sweep()), sweepEveryMs).unref();
    this.#sweeping = sweep();
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
    const envelope = { data, requestId: currentRequestId() ?? newId(), traceparent: currentTraceparent() };
    const how = {
      id,
      db: fromKysely(tx),
      ...(options.key === undefined ? {} : { singletonKey: options.key }),
      priority: options.priority ?? currentJobPriority() ?? 0,
      ...(options.startAfter === undefined ? {} : { startAfter: options.startAfter }),
    };
    const sent = await this.#boss.send(kind.name, envelope, how).catch((error: unknown) => {
      // It may have looked the queue up on a connection of its own.
      throw translateError(error);
    });
    if (sent === null) throw new Error(`the queue ${kind.name} did not take a job`);
    if (!kind.ordered) return;
    // The queue orders by the time when the transaction began; by then it may not have held the lock that gave it its turn.
    await sql`update ${sql.table(`${schema}.job`)} set created_on = clock_timestamp()
      where name = ${kind.name} and id = ${id}`.execute(tx);
  }

  /** Says who does the jobs of a kind; they are taken once `work` was called. */
  handle<Data>(kind: JobKind<Data>, concurrency: number, handler: Handler<Data>): void {
    const envelope = z.object({ data: kind.data, requestId: z.string(), traceparent: z.string().optional() });
    announceJobs(this.#service, kind.name);
    this.#workers.push({
      kind,
      start: async () => {
        const workerId: string = await this.#boss.work(
          kind.name,
          {
            localConcurrency: concurrency,
            includeMetadata: true,
            pollingIntervalSeconds: 1,
            // Only what is due later, or was announced while the listener was away, is found by asking.
            notifyPollingIntervalSeconds: 2,
          },
          async ([job]) => {
            if (job === undefined) return;
            const { data, requestId, traceparent } = envelope.parse(job.data);
            const run = {
              data,
              attempt: job.retryCount,
              isLastAttempt: job.retryCount >= job.retryLimit,
              signal: AbortSignal.any([job.signal, this.#holding.signal]),
            };
            const { attempt, isLastAttempt } = run;
            const observed = {
              service: this.#service,
              kind: kind.name,
              id: job.id,
              attempt,
              isLastAttempt,
              traceparent,
            };
            await withRequestContext({ requestId, signal: run.signal, jobPriority: job.priority }, async () => {
              try {
                await observeJob(observed, () => this.#attempt(observed, () => handler(run)));
              } catch (error) {
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

  async #attempt(job: ObservedJob, handle: () => Promise<void>): Promise<void> {
    try {
      await handle();
    } catch (error) {
      const { kind, id, attempt, isLastAttempt } = job;
      const failure = { err: error, job: kind, jobId: id, attempt };
      if (isLastAttempt) this.#log.error(failure, 'job failed for good');
      else this.#log[isRound(attempt + 1) ? 'warn' : 'debug'](failure, 'job failed');
      throw error;
    }
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

  /** Runs jobs of this kind at their times, once however many replicas there are. */
  async schedule(kind: TimedKind): Promise<void> {
    await this.#boss.schedule(kind.name, kind.cron, { data: {}, requestId: 'schedule' });
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

  /** The counts are those that pg-boss takes every few seconds. */
  async #readQueues(kinds: readonly string[]): Promise<QueueState[]> {
    const { rows } = await this.#boss.getDb().executeSql(
      `select name as kind, ready_count as waiting, deferred_count as delayed, active_count as active,
         failed_count as failed, coalesce(extract(epoch from now() - oldest.since), 0)::float8 as "oldestWaitSeconds"
       from ${schema}.queue left join lateral (
         select min(case when state = 'retry' then created_on else greatest(created_on, start_after) end) as since
         from ${schema}.job where job.name = queue.name and state < 'active' and not blocked
           and (start_after <= now() or state = 'retry')
       ) oldest on true
       where name = any($1)`,
      [kinds],
    );
    return z.array(queueState).parse(rows);
  }

  async stop(): Promise<void> {
    this.#isWorking = false;
    this.#stopObserving();
    clearInterval(this.#sweeper);
    await this.#sweeping;
    await this.#boss.stop({ graceful: true, timeout: 20_000 });
    await this.#pooled?.stop();
  }
}

function isAway(error: unknown): boolean {
  if (error instanceof DatabaseAway) return true;
  return error instanceof ConnectError && [Code.Unavailable, Code.ResourceExhausted].includes(error.code);
}

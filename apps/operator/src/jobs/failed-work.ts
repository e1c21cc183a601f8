import { type Kysely, sql } from 'kysely';
import { z } from 'zod';

// The tables of pg-boss and of the outbox: packages/platform/src/jobs/jobs.ts and events/outbox/ write them.

const failedJob = z.object({
  id: z.string(),
  kind: z.string(),
  tries: z.number(),
  failedAt: z.date(),
  /** Absent where what it was about was personal and is gone: it cannot be tried again. */
  isWhole: z.boolean(),
  output: z.unknown(),
});

export type FailedJob = z.output<typeof failedJob>;

const heldEvent = z.object({
  eventId: z.string(),
  subscriber: z.string(),
  type: z.string(),
  cause: z.string(),
  tries: z.number(),
  heldSince: z.date(),
  /** That wait behind it, itself among them. */
  waiting: z.number(),
});

export type HeldEvent = z.output<typeof heldEvent>;

/** Which jobs a command is about; without any of these all that failed. */
export interface Choice {
  readonly kind?: string | undefined;
  readonly ids?: readonly string[] | undefined;
}

/** What failed in one service's database and waits for a person. */
export class FailedWork {
  readonly #db: Kysely<object>;

  constructor(db: Kysely<object>) {
    this.#db = db;
  }

  async hasJobs(): Promise<boolean> {
    return this.#isThere('jobs.job');
  }

  async hasOutbox(): Promise<boolean> {
    return this.#isThere('outbox_holds');
  }

  /** The longest failed first. */
  async listJobs(choice: Choice, limit: number): Promise<FailedJob[]> {
    const { rows } = await sql`select id, name as kind, retry_count + 1 as tries, completed_on as "failedAt",
        data ? 'data' as "isWhole", output
      from jobs.job where ${chosen(choice)} order by completed_on, id limit ${limit}`.execute(this.#db);
    return z.array(failedJob).parse(rows);
  }

  async countJobs(choice: Choice): Promise<number> {
    const { rows } = await sql`select count(*)::int as count from jobs.job where ${chosen(choice)}`.execute(this.#db);
    return z.object({ count: z.number() }).parse(rows[0]).count;
  }

  /** One more try each; answers how many. What another operator dealt with meanwhile has no longer failed. */
  async retryJobs(choice: Choice): Promise<number> {
    const changed = await sql`update jobs.job
      set state = 'retry', retry_limit = retry_count + 1, start_after = now(), completed_on = null
      where ${chosen(choice)} and data ? 'data'`.execute(this.#db);
    return Number(changed.numAffectedRows ?? 0n);
  }

  /** They will not be done; the service deletes them when their time is over, as it does with those that were done. */
  async acknowledgeJobs(choice: Choice): Promise<number> {
    const changed = await sql`update jobs.job set state = 'cancelled', completed_on = now()
      where ${chosen(choice)}`.execute(this.#db);
    return Number(changed.numAffectedRows ?? 0n);
  }

  /** Events that a subscriber refused, which hold those behind them of their key. Keys are left out: they may be people. */
  async listEvents(limit: number): Promise<HeldEvent[]> {
    const { rows } = await sql`select first.event_id as "eventId", hold.subscriber, first.type, hold.cause,
        hold.attempts as tries, hold.held_since as "heldSince", behind.count as waiting
      from outbox_holds hold
      cross join lateral (select event_id, type from outbox_events
        where subscriber = hold.subscriber and key = hold.key order by position limit 1) as first
      cross join lateral (select count(*)::int as count from outbox_events
        where subscriber = hold.subscriber and key = hold.key) as behind
      order by hold.held_since, hold.subscriber, hold.key limit ${limit}`.execute(this.#db);
    return z.array(heldEvent).parse(rows);
  }

  async countEvents(): Promise<number> {
    const { rows } = await sql`select count(*)::int as count from outbox_holds`.execute(this.#db);
    return z.object({ count: z.number() }).parse(rows[0]).count;
  }

  /** They are tried within seconds rather than at their time. */
  async retryEvents(): Promise<number> {
    const changed = await sql`update outbox_holds set retry_at = now() where retry_at > now()`.execute(this.#db);
    return Number(changed.numAffectedRows ?? 0n);
  }

  async #isThere(table: string): Promise<boolean> {
    const { rows } = await sql`select to_regclass(${table}) is not null as "isThere"`.execute(this.#db);
    return z.object({ isThere: z.boolean() }).parse(rows[0]).isThere;
  }
}

/** pg-boss's own queues are none of ours. */
function chosen({ kind, ids }: Choice) {
  return sql`state = 'failed' and name not like '\\_\\_pgboss%'
    and (${kind ?? null}::text is null or name = ${kind ?? null}) and (${ids === undefined ? null : [...ids]}::uuid[] is null
      or id = any(${ids === undefined ? null : [...ids]}::uuid[]))`;
}

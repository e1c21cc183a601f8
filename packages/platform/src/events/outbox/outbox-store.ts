import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { AnySchema, Db } from '../../db/database.ts';
import { quick } from '../../db/not-on-disk.ts';
import { oldQueueHolds, oldQueueOf } from './old-queue.ts';

// The tables are made by the migration `outbox` of each service that publishes.

export interface NewEvent {
  readonly eventId: string;
  readonly type: string;
  readonly key: string;
  readonly payload: Uint8Array;
  readonly occurredAt: Date;
  readonly requestId: string;
  readonly traceparent: string | undefined;
}

/** An event on its way to one subscriber. */
export interface WaitingEvent extends NewEvent {
  readonly position: bigint;
  /** Of its row in the table. */
  readonly place: string;
  /** Tries that failed before. */
  readonly attempts: number;
  /** Whether its key waits for it alone. */
  readonly isHeld: boolean;
}

/** Rows and bytes of payload read at once. Reading on costs more the more is held or not vacuumed yet, so pages are large. */
const pageMaxRows = 4_000;
const pageMaxBytes = 8 * 1024 * 1024;

export async function insertEvents(tx: Db<AnySchema>, subscribers: readonly string[], event: NewEvent): Promise<void> {
  const { eventId, type, key, payload, occurredAt, requestId, traceparent = null } = event;
  await sql`insert into outbox_events (subscriber, key, event_id, type, payload, occurred_at, request_id, traceparent)
    select subscriber, ${key}, ${eventId}::uuid, ${type}, ${Buffer.from(payload)}::bytea, ${occurredAt}::timestamptz,
      ${requestId}, ${traceparent}::text from unnest(${[...subscribers]}::text[]) as to_tell (subscriber)`.execute(tx);
}

export interface Turn {
  readonly subscriber: string;
  readonly holder: string;
  readonly seconds: number;
}

/** True when there is something to tell, here or elsewhere, and it is for this holder to do so for so long unless it asks again. */
export async function takeTurn(db: Db<AnySchema>, turn: Turn, isElsewhere: boolean): Promise<boolean> {
  const { subscriber, holder, seconds } = turn;
  const { rows } = await sql`
    with ${quick}
    insert into outbox_turns as turn (subscriber, holder, held_until)
    select ${subscriber}, ${holder}::uuid, clock_timestamp() + make_interval(secs => ${seconds}) from quick
      where ${isElsewhere}::boolean
        or (select position from outbox_events where subscriber = ${subscriber} order by position limit 1) is not null
    on conflict (subscriber) do update set holder = excluded.holder, held_until = excluded.held_until
      where turn.holder = excluded.holder or turn.held_until < clock_timestamp()
    returning subscriber`.execute(db);
  return rows.length === 1;
}

/** False when it was lost. */
export async function extendTurn(db: Db<AnySchema>, turn: Turn): Promise<boolean> {
  const { rows } = await sql`update outbox_turns
    set held_until = clock_timestamp() + make_interval(secs => ${turn.seconds})
    where subscriber = ${turn.subscriber} and holder = ${turn.holder} returning subscriber`.execute(db);
  return rows.length === 1;
}

export async function giveTurnBack(db: Db<AnySchema>, turn: Turn): Promise<void> {
  await sql`with ${quick} delete from outbox_turns using quick
    where subscriber = ${turn.subscriber} and holder = ${turn.holder}`.execute(db);
}

const columns = sql`event.ctid::text as place, event.position, event.key, event.event_id as "eventId", event.type, event.payload,
  event.occurred_at as "occurredAt", event.request_id as "requestId", event.traceparent`;

/**
 * Statistics never tell how much waits here: it is nothing for weeks, and a million rows before they are counted again. Whatever is read
 * has an index that answers it in order, which PostgreSQL would not choose by itself. Both statements go to the server as one text, which
 * makes them one transaction and takes no parameters.
 */
async function byIndex<Row>(db: Kysely<AnySchema>, query: RawBuilder<Row>): Promise<Row[]> {
  const { rows } =
    await sql<Row>`select set_config(name, 'off', true) from unnest(array['enable_seqscan', 'enable_bitmapscan',
    'enable_sort', 'enable_hashjoin', 'enable_mergejoin']) as setting (name); ${query}`.execute(db);
  return rows;
}

export interface Waiting {
  /** The first events of all keys that are not held, in order: of each key the beginning, or nothing. */
  readonly page: readonly WaitingEvent[];
  /** Whether there may be more than the page holds. */
  readonly isPart: boolean;
  /** Whether keys are held whose next try is due. */
  readonly isDue: boolean;
  /** Whether a former version's queue holds something for this subscriber, which comes before the page. */
  readonly isElsewhere: boolean;
}

/** As many as a look may show without another one following at once. */
const fewRows = 100;

/** One statement, so that no event is seen without what was published before it, wherever that lies. */
export async function look(db: Kysely<AnySchema>, subscriber: string, hasOldTable: boolean): Promise<Waiting> {
  const name = sql.lit(subscriber);
  const elsewhere = hasOldTable ? oldQueueHolds(sql.lit(oldQueueOf(subscriber))) : sql`false`;
  // NOT IN is looked up in a hash of the held keys, whatever PostgreSQL expects of their number.
  const rows = await byIndex(
    db,
    sql<Omit<Waiting, 'page' | 'isPart'> & (WaitingEvent | { place: null })>`
      select state.*, ${columns}, 0 as attempts, false as "isHeld" from (select
        exists (select from outbox_holds where subscriber = ${name} and retry_at <= clock_timestamp()) as "isDue",
        ${elsewhere} as "isElsewhere") as state
      left join lateral (
        select *, sum(octet_length(payload)) over (order by position) - octet_length(payload) as bytes_before from (
          select ctid, * from outbox_events where subscriber = ${name}
            and key not in (select hold.key from outbox_holds hold where hold.subscriber = ${name})
          order by position limit ${sql.lit(pageMaxRows)}) as first
      ) as event on bytes_before < ${sql.lit(pageMaxBytes)} order by position`,
  );
  const page = rows.filter((row) => row.place !== null);
  return {
    page,
    isPart: page.length > fewRows,
    isDue: rows[0]?.isDue === true,
    isElsewhere: rows[0]?.isElsewhere === true,
  };
}

/** The first event of each held key whose next try is due, the longest due first. */
export async function listDue(db: Kysely<AnySchema>, subscriber: string, limit: number): Promise<WaitingEvent[]> {
  return byIndex(
    db,
    sql<WaitingEvent>`
      select ${columns}, hold.attempts, true as "isHeld" from outbox_holds hold cross join lateral (
        select ctid, * from outbox_events where subscriber = hold.subscriber and key = hold.key order by position limit 1
      ) as event where hold.subscriber = ${sql.lit(subscriber)} and hold.retry_at <= clock_timestamp()
      order by hold.retry_at limit ${sql.lit(limit)}`,
  );
}

/** Lets keys go that hold nothing: another process told their events meanwhile. */
export async function deleteEmptyHolds(db: Db<AnySchema>, subscriber: string): Promise<void> {
  await sql`delete from outbox_holds hold where subscriber = ${subscriber} and retry_at <= clock_timestamp()
    and not exists (select from outbox_events where subscriber = ${subscriber} and key = hold.key)`.execute(db);
}

/**
 * The subscriber took them: they go, the keys of those that had failed are free again, and the turn of `holder` is over where one is given. Rows
 * are found by their place, as no statistics could make slow; one that was moved meanwhile (VACUUM FULL) is told again, as are those that a
 * crash of the server brings back.
 */
export async function deleteTaken(
  db: Db<AnySchema>,
  subscriber: string,
  events: readonly WaitingEvent[],
  holder?: string,
): Promise<void> {
  const places = events.map(({ place }) => place);
  const positions = events.map(({ position }) => String(position));
  const freed = events.filter(({ isHeld }) => isHeld).map(({ key }) => key);
  await sql`with ${quick},
    freed as (delete from outbox_holds where subscriber = ${subscriber} and key = any(${freed}::text[])),
    over as (delete from outbox_turns where subscriber = ${subscriber} and holder = ${holder ?? null}::uuid)
    delete from outbox_events using quick where outbox_events.ctid = any(${places}::tid[]) and subscriber = ${subscriber}
      and position = any(${positions}::bigint[])`.execute(db);
}

export interface Failed {
  readonly key: string;
  readonly cause: string;
}

/** The next try comes after 1, 2, 4 … seconds, at most 30. */
export async function upsertHolds(db: Db<AnySchema>, subscriber: string, failed: readonly Failed[]): Promise<void> {
  const keys = failed.map(({ key }) => key);
  const causes = failed.map(({ cause }) => cause);
  await sql`insert into outbox_holds as hold (subscriber, key, attempts, retry_at, cause)
    select ${subscriber}, key, 1, clock_timestamp() + interval '1 s', cause
      from unnest(${keys}::text[], ${causes}::text[]) as failed (key, cause) order by key
    on conflict (subscriber, key) do update set attempts = hold.attempts + 1, cause = excluded.cause,
      retry_at = clock_timestamp() + make_interval(secs => least(30, 2 ^ least(hold.attempts, 5)))`.execute(db);
}

/** Rows that are counted one by one; above, PostgreSQL's estimate must do. */
const countedMax = 100_000;

export interface Backlog {
  readonly waiting: number;
  readonly heldKeys: number;
  readonly oldestWaitSeconds: number;
}

export async function readBacklog(db: Db<AnySchema>, subscriber: string): Promise<Backlog> {
  const { rows } = await sql<Backlog>`select
      (select case when count(*) < ${countedMax} then count(*)::float8 else greatest(count(*)::float8,
          (select reltuples::float8 from pg_class where oid = 'outbox_events'::regclass)) end
        from (select from outbox_events where subscriber = ${subscriber} limit ${countedMax}) as counted) as waiting,
      (select count(*)::float8 from outbox_holds where subscriber = ${subscriber}) as "heldKeys",
      coalesce((select extract(epoch from clock_timestamp() - published_at)::float8 from outbox_events
        where subscriber = ${subscriber} order by position limit 1), 0) as "oldestWaitSeconds"`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('the outbox was not counted');
  return row;
}

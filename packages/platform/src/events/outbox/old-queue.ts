import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { AnySchema } from '../../db/database.ts';
import { transact } from '../../db/transact.ts';

/** Before all that is numbered where it is published, after what was moved before. */
const firstPosition = -(2n ** 62n);
/** A worker of the former version gives an event up after so many seconds. */
const workSeconds = 60;
const movedAtOnce = 20_000;

/** Whether the table of such a queue is there, as it is from the first start of the service on. */
export async function hasOldTable(db: Kysely<AnySchema>): Promise<boolean> {
  const { rows } = await sql<{ isThere: boolean }>`select to_regclass('jobs.job') is not null as "isThere"`.execute(db);
  return rows[0]?.isThere === true;
}

/** Whether a former version left something there for a subscriber, or put it there a moment ago. */
export async function hasOldQueue(db: Kysely<AnySchema>, subscriber: string): Promise<boolean> {
  const { rows } = await sql<{
    isThere: boolean;
  }>`select ${oldQueueHolds(oldQueueOf(subscriber))} as "isThere"`.execute(db);
  return rows[0]?.isThere === true;
}

/** The same as an expression, for the name of a queue. */
export function oldQueueHolds(name: unknown): RawBuilder<boolean> {
  return sql<boolean>`exists (select from jobs.job where name = ${name} and state < 'completed')`;
}

/**
 * Moves what a former version left for a subscriber in its job queue before all that was published here, while replicas of
 * that version may still publish there and tell from there. A key of which one of them tells an event stays there, and is held here,
 * until it is told. To be run by whoever has the turn. Answers how many events it moved.
 */
export async function moveOldQueue(db: Kysely<AnySchema>, subscriber: string): Promise<number> {
  let movedCount = 0;
  for (;;) {
    const count = await moveSome(db, subscriber);
    movedCount += count;
    if (count < movedAtOnce) return movedCount;
  }
}

async function moveSome(db: Kysely<AnySchema>, subscriber: string): Promise<number> {
  const name = oldQueueOf(subscriber);
  return transact(db, async (tx) => {
    // No worker takes the first of a key while those behind it are moved.
    await sql`lock table jobs.job in share row exclusive mode`.execute(tx);
    await sql`insert into outbox_holds (subscriber, key, attempts, retry_at, cause)
      select distinct ${subscriber}, singleton_key, 0, clock_timestamp() + make_interval(secs => ${workSeconds}), 'OLD_QUEUE'
        from jobs.job where name = ${name} and state = 'active'
      on conflict (subscriber, key) do update set retry_at = excluded.retry_at`.execute(tx);
    const moved = await sql`
      with taken as (
        delete from jobs.job where name = ${name} and id in (
          select id from jobs.job as waiting where name = ${name} and state < 'active' and not exists (
            select from jobs.job as told
              where told.name = ${name} and told.state = 'active' and told.singleton_key = waiting.singleton_key)
          order by created_on, id limit ${movedAtOnce})
        returning *),
      moved_before as (
        select coalesce(max(position), ${String(firstPosition)}::bigint) as position
          from outbox_events where subscriber = ${subscriber} and position < 0)
      insert into outbox_events (subscriber, position, key, event_id, type, payload, occurred_at, published_at, request_id,
        traceparent)
      select ${subscriber}, moved_before.position + row_number() over (order by created_on, id), singleton_key,
        (data #>> '{data,eventId}')::uuid, data #>> '{data,type}', decode(data #>> '{data,payload}', 'base64'),
        (data #>> '{data,occurredAt}')::timestamptz, created_on, data ->> 'requestId', data ->> 'traceparent'
      from taken, moved_before`.execute(tx);
    return Number(moved.numAffectedRows ?? 0n);
  });
}

export function oldQueueOf(subscriber: string): string {
  return `events-to-${subscriber}`;
}

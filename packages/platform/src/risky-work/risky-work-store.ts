import { type QueryExecutorProvider, sql } from 'kysely';
import { z } from 'zod';
import { quick } from '../db/not-on-disk.ts';

/**
 * Table of the work that may kill its process; each service that does such work has it in its migrations. A row stands while a
 * process has the thing at work, and stays behind where a process died: then the thing is a suspect. Times are the database's. Where the
 * database server itself crashed, the starts of the moment before may be forgotten with it.
 */
export interface RiskyWorkTable {
  risky_work: {
    thing: string;
    process_id: string | null;
    counts: boolean;
    seen_at: Date;
    start_count: number;
    death_count: number;
    quarantined_at: Date | null;
  };
}

/** Deaths of processes in which it was alone before a thing is left alone for good. */
export const deathsMax = 3;
/** Suspects that nobody asked for again, of clients that went away, are forgotten after this time. */
const forgottenAfterDays = 30;

const row = z.object({
  processId: z.string().nullable(),
  deathCount: z.number(),
  /** Since the process that has it, or had it last, gave a sign of life. */
  silentMs: z.number(),
});
const burial = z.object({ deathCount: z.number() });
const started = z.object({ startCount: z.number() });

export type RiskyRow = z.output<typeof row>;

export async function findRisky(db: QueryExecutorProvider, thing: string): Promise<RiskyRow | undefined> {
  const { rows } = await sql`select process_id as "processId", death_count as "deathCount",
      (extract(epoch from now() - seen_at) * 1000)::double precision as "silentMs" from risky_work
    where thing = ${thing}`.execute(db);
  return z.array(row).parse(rows)[0];
}

/**
 * Takes the thing off a process that gave no sign of life for so long; answers how many deaths count against it now, undefined when the
 * process lives or another has done this.
 */
export async function bury(
  db: QueryExecutorProvider,
  held: { thing: string; processId: string; silentMs: number },
): Promise<number | undefined> {
  const { rows } = await sql`update risky_work
    set process_id = null, death_count = death_count + counts::integer, counts = false
    where thing = ${held.thing} and process_id = ${held.processId}
      and seen_at < now() - make_interval(secs => ${held.silentMs / 1000}::double precision)
    returning death_count as "deathCount"`.execute(db);
  return z.array(burial).parse(rows)[0]?.deathCount;
}

/** Counts a start beside others; undefined when the thing is a suspect, or another process has it at work. */
export async function startBeside(
  db: QueryExecutorProvider,
  start: { thing: string; processId: string },
): Promise<number | undefined> {
  const { rows } = await sql`with ${quick}
    insert into risky_work (thing, process_id, seen_at, start_count)
    select ${start.thing}, ${start.processId}, now(), 1 from quick
    on conflict (thing) do update set seen_at = now(), start_count = risky_work.start_count + 1
      where risky_work.process_id = excluded.process_id
    returning start_count as "startCount"`.execute(db);
  return z.array(started).parse(rows)[0]?.startCount;
}

/** Counts the start of a suspect that runs alone; undefined if it is no suspect any more, or another process has it at work. */
export async function startAlone(
  db: QueryExecutorProvider,
  start: { thing: string; processId: string; counts: boolean },
): Promise<number | undefined> {
  const { rows } = await sql`update risky_work
    set process_id = ${start.processId}, counts = ${start.counts}, seen_at = now(), start_count = start_count + 1
    where thing = ${start.thing} and process_id is null and death_count < ${deathsMax}
    returning start_count as "startCount"`.execute(db);
  return z.array(started).parse(rows)[0]?.startCount;
}

/** The process lives, and has these at work. */
export async function markSeen(
  db: QueryExecutorProvider,
  held: { things: readonly string[]; processId: string },
): Promise<void> {
  await sql`with ${quick} update risky_work set seen_at = now() from quick
    where process_id = ${held.processId} and thing = any(${[...held.things]}::text[])`.execute(db);
}

/** The work ended, well or not, and nobody died of it. */
export async function deleteRisky(
  db: QueryExecutorProvider,
  done: { things: readonly string[]; processId: string },
): Promise<void> {
  await sql`with ${quick} delete from risky_work using quick where thing = any(${[...done.things]}::text[])
    and (process_id = ${done.processId} or process_id is null)`.execute(db);
}

/** A suspect that nobody has at work: what was at it did not die, nor get to the end. */
export async function keepSuspects(
  db: QueryExecutorProvider,
  left: { things: readonly string[]; processId: string },
): Promise<void> {
  await sql`update risky_work set process_id = null, counts = false, seen_at = now()
    where process_id = ${left.processId} and thing = any(${[...left.things]}::text[])`.execute(db);
}

/** From now on the death of this process says nothing of what it has at work. */
export async function stopCounting(db: QueryExecutorProvider, processId: string): Promise<void> {
  await sql`update risky_work set counts = false where process_id = ${processId}`.execute(db);
}

/** True for whoever is the first. */
export async function markQuarantined(db: QueryExecutorProvider, thing: string): Promise<boolean> {
  const { rows } = await sql`update risky_work set quarantined_at = now()
    where thing = ${thing} and quarantined_at is null returning thing`.execute(db);
  return rows.length > 0;
}

export async function countQuarantined(db: QueryExecutorProvider): Promise<number> {
  const { rows } = await sql`select count(*)::integer as count from risky_work
    where quarantined_at is not null`.execute(db);
  return z.array(z.object({ count: z.number() })).parse(rows)[0]?.count ?? 0;
}

/** What is quarantined, since when, and how many processes died of it. */
export const quarantined = sql<{ id: string; deaths: number; since: Date }>`(
  select thing as id, death_count as deaths, quarantined_at as since from risky_work where quarantined_at is not null)`;

/** It is tried anew as if nothing had been. */
export async function deleteQuarantined(db: QueryExecutorProvider, thing: string): Promise<void> {
  await sql`delete from risky_work where thing = ${thing} and quarantined_at is not null`.execute(db);
}

export async function deleteForgotten(db: QueryExecutorProvider): Promise<void> {
  await sql`delete from risky_work where quarantined_at is null
    and seen_at < now() - make_interval(days => ${forgottenAfterDays}::integer)`.execute(db);
}

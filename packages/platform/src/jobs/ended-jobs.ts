import type { PgBoss } from 'pg-boss';

export interface EndedKind {
  readonly name: string;
  readonly keptSeconds: number;
  /** Whether its data are personal and must not wait for anybody. */
  readonly isPersonal: boolean;
}

/**
 * Deletes jobs when their time is over, if they were done or a person has acknowledged their failure. A failed job stays until a person
 * acknowledges it; pg-boss would delete it with the others. Personal data of a failed job, and the text of its error, go when their time is over.
 * Any number of processes may do this, any number of times.
 */
export async function sweepEndedJobs(boss: PgBoss, schema: string, kinds: readonly EndedKind[]): Promise<void> {
  if (kinds.length === 0) return;
  const db = boss.getDb();
  const names = kinds.map(({ name }) => name);
  // Sent by a former version, or by a replica of it that runs beside this one.
  await db.executeSql(
    `update ${schema}.job set deletion_seconds = 0 where name = any($1) and state = 'failed' and deletion_seconds > 0`,
    [names],
  );
  await db.executeSql(
    `update ${schema}.job set data = data - 'data', output = output - 'message' - 'stack'
     from unnest($1::text[], $2::int[]) as kind (kind_name, kept_seconds)
     where name = kind_name and state = 'failed' and data ? 'data'
       and completed_on + make_interval(secs => kept_seconds) < now()`,
    columnsOf(kinds.filter(({ isPersonal }) => isPersonal)),
  );
  await db.executeSql(
    `delete from ${schema}.job where (name, id) in (
       select name, id from ${schema}.job join unnest($1::text[], $2::int[]) as kind (kind_name, kept_seconds)
         on name = kind_name
       where state in ('completed', 'cancelled') and completed_on + make_interval(secs => kept_seconds) < now()
       for update of job skip locked)`,
    columnsOf(kinds),
  );
}

function columnsOf(kinds: readonly EndedKind[]): unknown[] {
  return [kinds.map(({ name }) => name), kinds.map(({ keptSeconds }) => keptSeconds)];
}

import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import { lockUntilCommit } from './advisory-locks.ts';

/** In milliseconds, by the names that PostgreSQL gives them. */
export type Timeouts = Readonly<
  Record<'statement_timeout' | 'lock_timeout' | 'idle_in_transaction_session_timeout', number>
>;

/**
 * Gives the role of `db` these timeouts in this database, for every session that begins from now on and names no others; `db` speaks to the
 * server itself and names none. The same however often and by however many it is done.
 */
export async function setRoleTimeouts(db: Kysely<unknown>, timeouts: Timeouts): Promise<void> {
  await db.transaction().execute(async (tx) => {
    // Two who change them at once would make one fail: "tuple concurrently updated".
    await lockUntilCommit(tx, 'grant');
    const { rows } = await sql<{ role: string; database: string; kept: string[] }>`
      select session_user as role, current_database() as database, coalesce((
        select setconfig from pg_db_role_setting s
          join pg_database d on d.oid = s.setdatabase join pg_roles r on r.oid = s.setrole
        where d.datname = current_database() and r.rolname = session_user
      ), '{}') as kept`.execute(tx);
    const [place] = rows;
    if (place === undefined) throw new Error('the database did not say who is connected');
    for (const [name, value] of Object.entries(timeouts)) {
      if (place.kept.includes(`${name}=${value}`)) continue;
      await sql`alter role ${sql.id(place.role)} in database ${sql.id(place.database)} set ${sql.raw(name)} = ${sql.lit(String(value))}`.execute(
        tx,
      );
    }
  });
}

/** Whether a session of `db` has these timeouts. */
export async function hasTimeouts(db: QueryExecutorProvider, timeouts: Timeouts): Promise<boolean> {
  const { rows } = await sql<{ name: string; setting: string }>`
    select name, setting from pg_settings where name = any(${Object.keys(timeouts)})`.execute(db);
  const known = new Map(rows.map(({ name, setting }) => [name, Number(setting)]));
  return Object.entries(timeouts).every(([name, value]) => known.get(name) === value);
}

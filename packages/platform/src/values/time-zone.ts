import { sql } from 'kysely';
import type { Db } from '../db/database.ts';

/**
 * Whether this runtime, and so probably a browser, knows a zone "Area/Place" or UTC. Short names such as IST are left out: they
 * mean one thing here, another in PostgreSQL, which turns wall-clock times into instants, or nothing there.
 */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name === 'UTC' || /^[A-Za-z_]+\//.test(name);
  } catch {
    return false;
  }
}

/** Whether PostgreSQL has the zone: a wall-clock time in one that it lacks would be an error wherever it is read. */
export async function isZoneOfDatabase<Schema>(db: Db<Schema>, name: string): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_timezone_names where name = ${name} limit 1`.execute(db);
  return rows.length === 1;
}

import { sql } from 'kysely';

/**
 * Stands first in the WITH of a statement that commits by itself, which then takes its rows `from quick` or `using quick`: that it is
 * committed is said before it is on the disk. For what may be forgotten when the database server crashes, or is done again then; what
 * commits behind it is forgotten first. The end of any other process costs nothing.
 */
export const quick = sql`quick as materialized (select set_config('synchronous_commit', 'off', true) as is_durable)`;

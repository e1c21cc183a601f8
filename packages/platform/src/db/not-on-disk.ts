import { sql } from 'kysely';

/**
 * Put this first into the WITH of a statement that commits by itself, and take its rows `from quick` or `using quick`. PostgreSQL then reports the
 * commit before it is on the disk. Use it for rows that may be lost when the database server crashes, or that are made again then. Later commits
 * are lost first. The end of any other process loses nothing.
 */
export const quick = sql`quick as materialized (select set_config('synchronous_commit', 'off', true) as is_durable)`;

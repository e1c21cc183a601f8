import type { Kysely } from 'kysely';
import { openDatabase } from './database.ts';

/** Without a limit for statements: an operator waits. Close it with `destroy`. */
export function openForReading<Schema>(url: string): Kysely<Schema> {
  // One: more than one session at a time would wait for each other on PGlite.
  return openDatabase<Schema>({ url, poolSizeMax: 1, statementTimeoutMs: 0, onTrouble: () => {} });
}

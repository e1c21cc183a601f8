import type { Kysely, Transaction } from 'kysely';
import { CommitUnknown, DatabaseAway, isUndone } from './database-away.ts';
import { rest } from './sturdy-dialect.ts';

const attemptsMax = 5;
/** No new attempt begins later, in milliseconds. */
const retryMaxMs = 5_000;

/**
 * Runs a transaction, and runs it again where it came to nothing through no fault of its own: PostgreSQL undid it (40001,
 * 40P01), or the connection broke before COMMIT was sent. So `run` may happen several times: it changes the database through
 * `tx` and nothing else. Throws `CommitUnknown` when the connection broke under COMMIT, `DatabaseAway` when the database
 * stays away, and what `run` throws as it is.
 */
export async function transact<Schema, Result>(
  db: Kysely<Schema>,
  run: (tx: Transaction<Schema>) => Promise<Result>,
): Promise<Result> {
  const deadline = performance.now() + retryMaxMs;
  for (let attempt = 0; ; attempt++) {
    let isCommitting = false;
    try {
      return await db.transaction().execute(async (tx) => {
        const result = await run(tx);
        isCommitting = true;
        return result;
      });
    } catch (error) {
      if (isCommitting && error instanceof DatabaseAway) throw new CommitUnknown(error.cause);
      const isRepeatable = isUndone(error) || (error instanceof DatabaseAway && error.isWorthRetrying);
      if (!isRepeatable || attempt + 1 === attemptsMax || performance.now() > deadline) throw error;
      await rest(attempt, error);
    }
  }
}

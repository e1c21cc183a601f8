import type { Kysely, Transaction } from 'kysely';
import { CommitUnknown, DatabaseAway, isUndone } from './database-away.ts';
import { pipelined } from './pipelined.ts';
import { rest } from './sturdy-dialect.ts';

const attemptsMax = 5;
/** No new attempt begins later, in milliseconds. */
const retryMaxMs = 5_000;

const commitHooks = new WeakMap<object, (() => void)[]>();

/** Has a hint given once the transaction has committed; it must not throw. At once where `tx` is not of `transact`. */
export function afterCommit<Schema>(tx: Transaction<Schema>, hint: () => void): void {
  const hooks = commitHooks.get(tx);
  if (hooks === undefined) hint();
  else hooks.push(hint);
}

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
    let onCommit: readonly (() => void)[] = [];
    try {
      const result = await db.transaction().execute((serial) =>
        pipelined(serial, async (tx) => {
          const hooks: (() => void)[] = [];
          commitHooks.set(tx, hooks);
          const result = await run(tx);
          onCommit = hooks;
          isCommitting = true;
          return result;
        }),
      );
      for (const hook of onCommit) hook();
      return result;
    } catch (error) {
      if (isCommitting && error instanceof DatabaseAway) throw new CommitUnknown(error.cause);
      const isRepeatable = isUndone(error) || (error instanceof DatabaseAway && error.isWorthRetrying);
      if (!isRepeatable || attempt + 1 === attemptsMax || performance.now() > deadline) throw error;
      await rest(attempt, error);
    }
  }
}

/**
 * Sends statements of one transaction together if they do not depend on each other; PostgreSQL executes them in this order. Waits for all of them,
 * even if one failed, so that none runs after the end of the transaction. Throws the error of the first that failed.
 */
export async function together<const Statements extends readonly Promise<unknown>[]>(
  ...statements: Statements
): Promise<{ -readonly [At in keyof Statements]: Awaited<Statements[At]> }> {
  const failed = (await Promise.allSettled(statements)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return Promise.all(statements) as Promise<{ -readonly [At in keyof Statements]: Awaited<Statements[At]> }>;
}

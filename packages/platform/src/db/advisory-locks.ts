import { type QueryExecutorProvider, sql, type Transaction } from 'kysely';

/**
 * Every advisory lock that Kilas takes, by name. A process that takes a number waits for all others that hold it, whatever they hold it for. So no
 * number stands twice, and no other file takes a lock: `npm run check -- files` checks that. Never change a number: replicas of two releases run
 * beside each other.
 */
export const advisoryLocks = {
  /** Replicas that start together migrate one after another. */
  migration: 7_308_324_465_820_163n,
  /** Two who grant at once would make one fail: "tuple concurrently updated". */
  grant: 7_308_324_465_820_164n,
  /** Two who provision at once take turns. */
  provision: 7_308_324_465_820_165n,
  /** One replica at a time builds an index, for as long as that takes. */
  indexBuild: 7_308_324_465_820_166n,
} as const;

export type LockName = keyof typeof advisoryLocks;

/** For the session, until `unlock` or its end; false when another one holds it. */
export async function tryLock(session: QueryExecutorProvider, name: LockName): Promise<boolean> {
  const number = advisoryLocks[name];
  const { rows } = await sql<{ taken: boolean }>`select pg_try_advisory_lock(${number}) as taken`.execute(session);
  return rows[0]?.taken === true;
}

export async function unlock(session: QueryExecutorProvider, name: LockName): Promise<void> {
  await sql`select pg_advisory_unlock(${advisoryLocks[name]})`.execute(session);
}

/** Waits for it; it is free again when the transaction ends. */
export async function lockUntilCommit<Schema>(tx: Transaction<Schema>, name: LockName): Promise<void> {
  await sql`select pg_advisory_xact_lock(${advisoryLocks[name]})`.execute(tx);
}

/** As `lockUntilCommit`, for one of many: `kind` says of what, and is used by one operation alone. */
export async function lockKeyUntilCommit(db: QueryExecutorProvider, kind: string, id: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${kind}:${id}`}, 0))`.execute(db);
}

/** For a session that Kysely does not speak to: waits, and holds it until the session ends. */
export function lockStatement(name: LockName): string {
  return `select pg_advisory_lock(${advisoryLocks[name]})`;
}

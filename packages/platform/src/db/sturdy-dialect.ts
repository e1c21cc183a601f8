import { setTimeout as delay } from 'node:timers/promises';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  PostgresDialect,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import type pg from 'pg';
import { currentSignal } from '../process/request-context.ts';
import { DatabaseAway, translateError } from './database-away.ts';

/** So long after an outage began a connection is still waited for, in milliseconds; after that each request fails at once. */
const reconnectMaxMs = 4_000;
const readAttemptsMax = 3;

interface SturdyOptions {
  readonly pool: pg.Pool;
  /** Told of each failure of the connection or the server. */
  readonly onTrouble: (error: Error) => void;
}

/**
 * Kysely's dialect for PostgreSQL whose errors say when the database is away. Opening a connection is tried again for some
 * seconds; so is a SELECT outside transactions whose connection broke. `transact` does the same for transactions.
 */
export class SturdyDialect extends PostgresDialect {
  readonly #options: SturdyOptions;

  constructor(options: SturdyOptions) {
    super({ pool: options.pool });
    this.#options = options;
  }

  override createDriver(): Driver {
    return new SturdyDriver(this.#options);
  }
}

class SturdyDriver implements Driver {
  readonly #pool: pg.Pool;
  readonly #onTrouble: (error: Error) => void;
  #awaySince: number | undefined;

  constructor({ pool, onTrouble }: SturdyOptions) {
    this.#pool = pool;
    this.#onTrouble = onTrouble;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SturdyConnection> {
    return new SturdyConnection(this, await this.connect());
  }

  async connect(): Promise<pg.PoolClient> {
    for (let attempt = 0; ; attempt++) {
      try {
        const client = await this.#pool.connect();
        this.#awaySince = undefined;
        return client;
      } catch (error) {
        const meaning = this.translate(error);
        if (!(meaning instanceof DatabaseAway && meaning.isWorthRetrying)) throw meaning;
        this.#awaySince ??= performance.now();
        const isOver = performance.now() - this.#awaySince > reconnectMaxMs;
        // Whoever holds this error has nothing left to try.
        if (isOver) throw new DatabaseAway(meaning.cause, { isWorthRetrying: false });
        await rest(attempt, meaning);
      }
    }
  }

  translate(error: unknown): unknown {
    const meaning = translateError(error);
    if (meaning instanceof DatabaseAway && meaning !== error) this.#onTrouble(meaning);
    return meaning;
  }

  async beginTransaction(connection: SturdyConnection, { isolationLevel }: TransactionSettings): Promise<void> {
    connection.begin(isolationLevel === undefined ? 'begin' : `begin isolation level ${isolationLevel}`);
  }

  async commitTransaction(connection: SturdyConnection): Promise<void> {
    const { command } = await connection.run('commit');
    // PostgreSQL's answer where an error before was swallowed.
    if (command === 'ROLLBACK') throw new Error('the transaction was rolled back, since a statement in it had failed');
  }

  async rollbackTransaction(connection: SturdyConnection): Promise<void> {
    await connection.run('rollback');
  }

  async releaseConnection(connection: SturdyConnection): Promise<void> {
    connection.release();
  }

  async destroy(): Promise<void> {
    await this.#pool.end();
  }
}

class SturdyConnection implements DatabaseConnection {
  readonly #driver: SturdyDriver;
  #client: pg.PoolClient | undefined;
  #isFresh = true;
  #isBroken = false;
  #begun: Promise<unknown> | undefined;
  #isHeldUp = false;

  constructor(driver: SturdyDriver, client: pg.PoolClient) {
    this.#driver = driver;
    this.#client = client;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    // Not in a transaction, nor on a connection that somebody keeps and that may hold a lock or a setting by now.
    const mayRepeat = this.#isFresh && reads(query.sql);
    for (let attempt = 0; ; attempt++) {
      try {
        return toResult(await this.run(query.sql, query.parameters));
      } catch (error) {
        const isWorthRetrying = error instanceof DatabaseAway && error.isWorthRetrying;
        if (!mayRepeat || !isWorthRetrying || attempt + 1 === readAttemptsMax) throw error;
        // Given back first: while each waits for another connection and holds its broken one, the pool has none left.
        this.release();
        await rest(attempt, error);
        this.#client = await this.#driver.connect();
        this.#isBroken = false;
      }
    }
  }

  // biome-ignore lint/correctness/useYield: part of Kysely's interface; no service reads that way
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('queries are not streamed');
  }

  /** Not waited for here: what only reads travels with it. */
  begin(text: string): void {
    const begun = this.#send(text);
    this.#begun = begun;
    // Of a failure whoever uses the transaction hears.
    begun.then(
      () => (this.#begun = undefined),
      () => {},
    );
  }

  async run(text: string, parameters: readonly unknown[] = []): Promise<pg.QueryResult> {
    const begun = this.#begun;
    if (begun === undefined) return this.#send(text, parameters);
    // Were there no transaction, a write would commit by itself; what is sent behind it stays behind it.
    this.#isHeldUp ||= !reads(text);
    if (this.#isHeldUp) await begun;
    const [result] = await Promise.all([this.#send(text, parameters), begun]);
    return result;
  }

  async #send(text: string, parameters: readonly unknown[] = []): Promise<pg.QueryResult> {
    if (this.#client === undefined) throw new Error('the connection was given back');
    this.#isFresh = false;
    try {
      return await this.#client.query(text, [...parameters]);
    } catch (error) {
      const meaning = this.#driver.translate(error);
      if (meaning instanceof DatabaseAway || text === 'rollback') this.#isBroken = true;
      throw meaning;
    }
  }

  /** A connection that broke is closed rather than used again, also where its end has not arrived yet. */
  release(): void {
    this.#client?.release(this.#isBroken);
    this.#client = undefined;
  }
}

function reads(text: string): boolean {
  return /^\s*select\b/i.test(text);
}

/** Several statements in one text answer with a list, of which the last one counts. */
function toResult<R>(answer: pg.QueryResult | pg.QueryResult[]): QueryResult<R> {
  const result = Array.isArray(answer) ? answer.at(-1) : answer;
  if (result === undefined) return { rows: [] };
  const { command, rowCount, rows } = result;
  const isWrite = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(command);
  return { rows, ...(isWrite ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}) };
}

/**
 * Longer with each attempt, and of varying length, so that clients that lost the database do not all come back at the same moment. Throws the error
 * when nobody waits any more.
 */
export async function rest(attempt: number, error: unknown): Promise<void> {
  const signal = currentSignal();
  const longestMs = Math.min(50 * 2 ** attempt, 800);
  await delay(longestMs * (0.5 + Math.random() / 2), undefined, signal === undefined ? {} : { signal }).catch(() => {
    throw error;
  });
}

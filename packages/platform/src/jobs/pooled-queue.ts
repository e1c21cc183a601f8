import pg from 'pg';
import { type ConstructorOptions, type Db, PgBoss } from 'pg-boss';

interface PooledQueueOptions {
  /** Leads to a pooler that gives each transaction another session of the server. */
  readonly pooledUrl: string;
  /** Of the server itself. */
  readonly databaseUrl: string;
  /** What the role may not do to the queue's tables. */
  readonly rights: Partial<ConstructorOptions>;
  readonly schema: string;
  readonly max: number;
  readonly settings: { readonly application_name: string; readonly query_timeout: number; readonly keepAlive: boolean };
  readonly onTrouble: (error: Error) => void;
}

/** What pg-boss speaks to where a pooler stands before the database: LISTEN needs a session of its own, on the server itself; all else goes through the pooler. */
export class PooledQueue implements Db {
  readonly #pool: pg.Pool;
  readonly #listener: PgBoss;

  constructor({ pooledUrl, databaseUrl, rights, schema, max, settings, onTrouble }: PooledQueueOptions) {
    this.#pool = new pg.Pool({ ...settings, connectionString: pooledUrl, max, connectionTimeoutMillis: 10_000 });
    this.#pool.on('error', onTrouble);
    this.#listener = new PgBoss({
      ...settings,
      connectionString: databaseUrl,
      schema,
      max: 1,
      supervise: false,
      schedule: false,
      ...rights,
    });
    this.#listener.on('error', onTrouble);
  }

  /** Makes the queue's tables, where nobody else does. */
  async start(): Promise<void> {
    await this.#listener.start();
  }

  async executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
    return this.#pool.query(text, values);
  }

  async listen(...args: Parameters<NonNullable<Db['listen']>>): ReturnType<NonNullable<Db['listen']>> {
    const { listen } = this.#listener.getDb();
    if (listen === undefined) throw new Error('pg-boss cannot listen');
    return listen.apply(this.#listener.getDb(), args);
  }

  async stop(): Promise<void> {
    await this.#listener.stop({ graceful: false });
    await this.#pool.end();
  }
}

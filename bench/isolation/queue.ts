import pg from 'pg';

const queues = ['derive-photo', 'publish-photo', 'recognise-photo'];

/** What upload has taken and not done yet, read from its database. */
export class UploadQueue {
  readonly #pool: pg.Pool;

  constructor(databaseUrl: string) {
    this.#pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
    this.#pool.on('error', () => {});
  }

  async countOpen(): Promise<number> {
    const { rows } = await this.#pool.query<{ count: number }>(
      `select count(*)::int as count from jobs.job where name = any($1) and state < 'completed'`,
      [queues],
    );
    return rows[0]?.count ?? 0;
  }

  /** Photos that upload has accepted since it was installed. */
  async countAccepted(): Promise<number> {
    const { rows } = await this.#pool.query<{ count: number }>(
      `select count(*)::int as count from uploads where state <> 'intended'`,
    );
    return rows[0]?.count ?? 0;
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

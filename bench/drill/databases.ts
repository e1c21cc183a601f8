import { type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';
import pg from 'pg';
import type { z } from 'zod';

const connectTimeoutMs = 2_000;

/** Reads the services' databases past the services; each question over a connection of its own. */
export class Databases {
  readonly urlOf: (service: ServiceName) => string;

  constructor(urlOf: (service: ServiceName) => string) {
    this.urlOf = urlOf;
  }

  /** BIGINT and count(*) arrive as text; throws while the database is away. */
  async query<Schema extends z.ZodType>(
    service: ServiceName,
    row: Schema,
    text: string,
    values: readonly unknown[] = [],
  ): Promise<z.output<Schema>[]> {
    const client = new pg.Client({
      connectionString: this.urlOf(service),
      connectionTimeoutMillis: connectTimeoutMs,
    });
    client.on('error', () => {});
    try {
      await client.connect();
      const { rows } = await client.query(text, [...values]);
      return rows.map((each) => row.parse(each));
    } finally {
      await client.end().catch(() => {});
    }
  }

  async isThere(service: ServiceName): Promise<boolean> {
    const client = new pg.Client({
      connectionString: this.urlOf(service),
      connectionTimeoutMillis: connectTimeoutMs,
    });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('select 1');
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => {});
    }
  }
}

export const queueServices = serviceNames.filter((service) => service !== 'ai');

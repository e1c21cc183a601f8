import path from 'node:path';
import { UserError } from '@kilas/cli/user-error.ts';
import type { Guard } from '@kilas/fleet/guard.ts';
import { readPasswords, writePasswordFile } from '@kilas/installation/provision/passwords.ts';
import { linesOf, provision } from '@kilas/installation/provision/provision.ts';
import { eachService, type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';
import { postgresFolderOf, type RunningDatabases, startDatabases } from '@kilas/installation/start-databases.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import pg from 'pg';
import { notOurs } from './not-ours.ts';

/** The five databases. */
export interface Databases extends RunningDatabases {
  /** What a service is told of its database besides the address. */
  env(service: ServiceName): Env;
}

export interface DatabasesOptions {
  readonly dataFolder: string;
  readonly guard: Guard;
  readonly takePort: () => Promise<number>;
  /** Receives what the servers write. */
  readonly onOutput: (source: string, line: string) => void;
  readonly onProgress: (message: string) => void;
}

/** PostgreSQL for four services, PGlite with pgvector for ai. */
export async function startOwnDatabases(options: DatabasesOptions): Promise<Databases> {
  const { dataFolder, guard, takePort, onOutput } = options;
  const databases = await startDatabases(dataFolder, { port: await takePort(), onOutput });
  guard.watchPostgres(postgresFolderOf(dataFolder));
  // PGlite has one connection, in which all take turns; see the package embedded.
  return { ...databases, env: (service) => (service === 'ai' ? { DATABASE_POOL_MAX: '1' } : {}) };
}

/** Databases and roles on a server of others, made where they are missing; their passwords are kept in the data folder. */
export async function provisionDatabases(adminUrl: string, options: DatabasesOptions): Promise<Databases> {
  const file = path.join(options.dataFolder, 'roles.env');
  const passwords = await readPasswords(serviceNames, {}, file);
  const values: Env = Object.assign({}, ...serviceNames.map((service) => linesOf(adminUrl, service, passwords)));
  // Before the roles are made: a password that is lost could never be read again.
  await writePasswordFile(file, values);
  await provision({ adminUrl, services: serviceNames, passwords, onChange: options.onProgress });
  const lineOf = (service: ServiceName, name: string) => values[`${service.toUpperCase()}_${name}`] ?? '';
  return {
    urls: eachService((service) => lineOf(service, 'DATABASE_URL')),
    env: (service) => ({ DATABASE_OWNER_URL: lineOf(service, 'DATABASE_OWNER_URL') }),
    postgres: { restart: notOurs('PostgreSQL') },
    faces: { restart: notOurs('PostgreSQL') },
    broken: new Promise(() => {}),
    stop: async () => {},
  };
}

/** Throws a UserError for a server that cannot hold the database of ai. */
export async function requirePgvector(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `The server that --postgres names does not let us in (${reason}): it takes the URL of a superuser.`,
    );
  }
  try {
    const found = await client.query(`select from pg_available_extensions where name = 'vector'`);
    if (found.rowCount !== 0) return;
    const remedy = 'install it there (Debian: apt install postgresql-18-pgvector), or leave --postgres out';
    throw new UserError(`The PostgreSQL server that --postgres names has no pgvector: ${remedy}.`);
  } finally {
    await client.end();
  }
}

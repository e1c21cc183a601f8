import path from 'node:path';
import { UserError } from '@kilas/cli/user-error.ts';
import { startPglite } from '@kilas/embedded/start-pglite.ts';
import { startPostgres } from '@kilas/embedded/start-postgres.ts';
import { readPasswords, writePasswordFile } from '@kilas/installation/provision/passwords.ts';
import { linesOf, provision } from '@kilas/installation/provision/provision.ts';
import { type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import pg from 'pg';
import { notOurs } from './not-ours.ts';
import type { ServersOptions } from './servers.ts';

/** The five databases. */
export interface Databases {
  url(service: ServiceName): string;
  /** What a service is told of its database besides the address. */
  env(service: ServiceName): Env;
  readonly postgres: { restart(meanwhile?: () => Promise<unknown>): Promise<void> };
  readonly faces: { restart(): Promise<void> };
  /** Resolves, with what it was, when a server ended that nobody stopped. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

/** PostgreSQL for four services, PGlite with pgvector for ai. */
export async function startOwnDatabases(options: ServersOptions): Promise<Databases> {
  const { dataFolder, guard, takePort, onOutput } = options;
  const port = await takePort();
  const folder = path.join(dataFolder, 'postgres');
  const starting = [
    startPostgres({ dataDir: folder, port, log: (line) => onOutput('postgres', line) }),
    startPglite({ dataDir: path.join(dataFolder, 'faces'), log: (line) => onOutput('faces', line) }),
  ] as const;
  const stops: (() => Promise<void>)[] = [];
  for (const server of starting) server.then(({ stop }) => stops.push(stop)).catch(() => {});
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    // When one of them fails the other one has to be there before it can be stopped.
    await Promise.allSettled(starting);
    const [postgres, faces] = await Promise.all(starting);
    guard.watchPostgres(folder);
    for (const name of serviceNames) if (name !== 'ai') await postgres.createDatabase(`kilas_${name}`);
    return {
      url: (service) => (service === 'ai' ? faces.url : postgres.url(`kilas_${service}`)),
      // PGlite has one connection, in which all take turns; see the package embedded.
      env: (service) => (service === 'ai' ? { DATABASE_POOL_MAX: '1' } : {}),
      postgres,
      faces,
      broken: Promise.race([
        postgres.ended.then(() => 'PostgreSQL'),
        faces.ended.then(() => 'PGlite, the database of the faces,'),
      ]),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Databases and roles on a server of others, made where they are missing; their passwords are kept in the data folder. */
export async function provisionDatabases(adminUrl: string, options: ServersOptions): Promise<Databases> {
  const file = path.join(options.dataFolder, 'roles.env');
  const passwords = await readPasswords(serviceNames, {}, file);
  const values: Env = Object.assign({}, ...serviceNames.map((service) => linesOf(adminUrl, service, passwords)));
  // Before the roles are made: a password that is lost could never be read again.
  await writePasswordFile(file, values);
  await provision({ adminUrl, services: serviceNames, passwords, onChange: options.onProgress });
  const lineOf = (service: ServiceName, name: string) => values[`${service.toUpperCase()}_${name}`] ?? '';
  return {
    url: (service) => lineOf(service, 'DATABASE_URL'),
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

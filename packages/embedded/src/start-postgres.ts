import { dirname } from 'node:path';
import { prepareLaunch } from './account-launch.ts';
import { lockFolder } from './folder-lock.ts';
import { findFreePort } from './free-port.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { openCluster } from './postgres-cluster.ts';
import { createDatabase, createServiceRole, SERVICE_ROLE } from './postgres-roles.ts';
import { toRealPath } from './real-path.ts';
import { restartable } from './restartable.ts';
import { PortTakenError, type PostgresServer, runPostgres } from './run-postgres.ts';
import { chooseServerAccount } from './server-account.ts';
import { stopOrphanPostgres } from './stop-orphan-postgres.ts';

const portAttemptsMax = 5;

export interface PostgresOptions {
  /** Created on the first start; beside it lie a lock and the password, each named after it. */
  readonly dataDir: string;
  /** Of 127.0.0.1; a free one without it. */
  readonly port?: number;
  /** Receives what the server writes, line by line. */
  readonly log?: (line: string) => void;
  /** false gives up all safety against a power cut, for tests. */
  readonly durable?: boolean;
}

export interface EmbeddedPostgres {
  readonly port: number;
  /** Resolves when the server is gone for good, stopped or not. */
  readonly ended: Promise<void>;
  /** postgres:// with the password of a role that is no superuser and owns what createDatabase creates. */
  url(database: string): string;
  /** Leaves a database that is there already as it is. Names: lower-case letters, digits and underscores. */
  createDatabase(name: string): Promise<void>;
  /** Ends all connections as stop does, and starts the server again on its port and data; for trials of an outage. */
  restart(meanwhile?: () => Promise<unknown>): Promise<void>;
  /** Ends all connections and waits until the server is gone. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL 18 on a data folder that only this process may use, after stopping a server left there by a process
 * that was killed. The server survives Ctrl-C in a terminal, so call stop; it is told to end when this process exits.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = await toRealPath(options.dataDir);
  const log = options.log ?? (() => {});
  const durable = options.durable ?? true;
  const lock = await lockFolder(dataDir);
  let server: PostgresServer | undefined;
  try {
    const binaries = await findPostgresBinaries();
    const account = await chooseServerAccount(dataDir);
    const launch = await prepareLaunch(account, [binaries.postgres, dirname(dataDir)], log);
    await stopOrphanPostgres(dataDir, log);
    const password = await openCluster({ dataDir, binaries, account, launch, durable });
    const run = (port: number) => runPostgres({ dataDir, binaries, launch, port, log, durable });
    server = options.port === undefined ? await runOnFreePort(run) : await run(options.port);
    const { port } = server;
    await createServiceRole(port, password);
    const running = restartable(server, () => run(port));

    return {
      port,
      ended: running.ended,
      url: (database) => `postgres://${SERVICE_ROLE}:${password}@127.0.0.1:${port}/${database}`,
      createDatabase: (name) => createDatabase(port, password, name),
      restart: running.restart,
      stop: async () => {
        await running.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await server?.stop();
    await lock.release();
    throw error;
  }
}

async function runOnFreePort(run: (port: number) => Promise<PostgresServer>): Promise<PostgresServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(await findFreePort());
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === portAttemptsMax) throw error;
    }
  }
}

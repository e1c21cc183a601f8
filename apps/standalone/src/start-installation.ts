import { existsSync } from 'node:fs';
import path from 'node:path';
import { findHolder } from '@kilas/embedded/folder-lock.ts';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { startPglite } from '@kilas/embedded/start-pglite.ts';
import { startPostgres } from '@kilas/embedded/start-postgres.ts';
import type { Env } from '@kilas/platform/config.ts';
import { checkPort } from './check-port.ts';
import { environmentOf, openInstallation, type ServiceName } from './installation.ts';
import { openSystem, type System } from './open-system.ts';
import { registerPages } from './pages.ts';
import { UserError } from './user-error.ts';

export interface InstallationOptions {
  /** Created when absent; holds everything the installation keeps. */
  readonly dataFolder: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly logLevel: string;
  /** Ends the start at its next step, with an error. */
  readonly stop?: AbortSignal;
  readonly onProgress: (message: string) => void;
}

export interface RunningInstallation {
  readonly url: string;
  readonly system: System;
  /** Resolves, with what it was, when a database ended that nobody stopped: nothing works from then on. */
  readonly broken: Promise<string>;
  /** Ends everything that was started, the last first. */
  stop(): Promise<void>;
}

const postgresServices = ['user', 'photo', 'transaction', 'upload'] as const;

/** The embedded run: PostgreSQL, PGlite with pgvector for the faces, five services and one HTTP port. */
export async function startInstallation(options: InstallationOptions): Promise<RunningInstallation> {
  const { dataFolder, onProgress, stop: stopAsked } = options;
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const installation = await openInstallation(dataFolder);
    const postgresFolder = path.join(dataFolder, 'postgres');
    await refuseSecondRun(dataFolder, postgresFolder);
    if (options.port !== 0) await checkPort(options.port);
    onProgress(existsSync(postgresFolder) ? 'starting the databases' : 'making the databases');
    const starting = [
      startPostgres({ dataDir: postgresFolder }),
      startPglite({ dataDir: path.join(dataFolder, 'faces') }),
    ] as const;
    for (const server of starting) server.then(({ stop: end }) => stops.push(end)).catch(() => {});
    // When one of them fails the other one has to be there before it can be stopped.
    await Promise.allSettled(starting);
    const [postgres, pglite] = await Promise.all(starting);
    const broken = Promise.race([
      postgres.ended.then(() => 'PostgreSQL'),
      pglite.ended.then(() => 'PGlite, the database of the faces,'),
    ]);
    stopAsked?.throwIfAborted();
    onProgress('opening the services');
    for (const name of postgresServices) await postgres.createDatabase(`kilas_${name}`);
    const port = options.port === 0 ? await findFreePort() : options.port;
    const url = `http://localhost:${port}`;
    const databaseUrls = {
      user: postgres.url('kilas_user'),
      photo: postgres.url('kilas_photo'),
      transaction: postgres.url('kilas_transaction'),
      upload: postgres.url('kilas_upload'),
      ai: pglite.url,
    };
    const place = { dataFolder, publicUrl: url, databaseUrls, logLevel: options.logLevel };
    const environment = (name: ServiceName): Env => environmentOf(name, installation, place);
    const system = await openSystem({
      environments: {
        user: environment('user'),
        photo: environment('photo'),
        transaction: environment('transaction'),
        ai: environment('ai'),
        upload: environment('upload'),
      },
      logLevel: options.logLevel,
      extend: registerPages,
    });
    stops.push(system.close);
    stopAsked?.throwIfAborted();
    await system.app.listen({ host: 'localhost', port });
    return { url, system, broken, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function refuseSecondRun(dataFolder: string, postgresFolder: string): Promise<void> {
  const holder = await findHolder(postgresFolder);
  if (holder === undefined) return;
  throw new UserError(
    `Kilas runs on ${dataFolder} already, as process ${holder}: end it first, or choose another folder with --data.`,
  );
}

import path from 'node:path';
import { UserError } from '@kilas/cli/user-error.ts';
import { findHolder } from '@kilas/embedded/folder-lock.ts';
import { startPglite } from '@kilas/embedded/start-pglite.ts';
import { startPostgres } from '@kilas/embedded/start-postgres.ts';
import type { ServiceName } from './service-names.ts';

export interface RunningDatabases {
  readonly urls: Readonly<Record<ServiceName, string>>;
  /** Resolves, with what it was, when a database ended that nobody stopped. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

const postgresServices = ['user', 'photo', 'transaction', 'upload'] as const;

/** The database servers of a data folder: PostgreSQL, and PGlite with pgvector for the faces. The databases are made. */
export async function startDatabases(dataFolder: string): Promise<RunningDatabases> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const starting = [
      startPostgres({ dataDir: postgresFolderOf(dataFolder) }),
      startPglite({ dataDir: path.join(dataFolder, 'faces') }),
    ] as const;
    for (const server of starting) server.then(({ stop: end }) => stops.push(end)).catch(() => {});
    // When one of them fails the other one has to be there before it can be stopped.
    await Promise.allSettled(starting);
    const [postgres, pglite] = await Promise.all(starting);
    for (const name of postgresServices) await postgres.createDatabase(`kilas_${name}`);
    const urls = {
      user: postgres.url('kilas_user'),
      photo: postgres.url('kilas_photo'),
      transaction: postgres.url('kilas_transaction'),
      upload: postgres.url('kilas_upload'),
      ai: pglite.url,
    };
    const broken = Promise.race([
      postgres.ended.then(() => 'PostgreSQL'),
      pglite.ended.then(() => 'PGlite, the database of the faces,'),
    ]);
    return { urls, broken, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export function postgresFolderOf(dataFolder: string): string {
  return path.join(dataFolder, 'postgres');
}

/** Throws a UserError when a process runs on the data folder. */
export async function refuseSecondRun(dataFolder: string): Promise<void> {
  const holder = await findHolder(postgresFolderOf(dataFolder));
  if (holder === undefined) return;
  throw new UserError(
    `Kilas runs on ${dataFolder} already, as process ${holder}: end it first, or choose another folder with --data.`,
  );
}

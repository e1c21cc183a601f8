import path from 'node:path';
import { UserError } from '@kilas/cli/user-error.ts';
import { findHolder } from '@kilas/embedded/folder-lock.ts';
import { type EmbeddedPglite, startPglite } from '@kilas/embedded/start-pglite.ts';
import { type EmbeddedPostgres, startPostgres } from '@kilas/embedded/start-postgres.ts';
import type { ServiceName } from './service-names.ts';

export interface RunningDatabases {
  readonly urls: Readonly<Record<ServiceName, string>>;
  readonly postgres: Pick<EmbeddedPostgres, 'restart'>;
  readonly faces: Pick<EmbeddedPglite, 'restart'>;
  /** Resolves, with what it was, when a database ended that nobody stopped. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

export interface DatabaseOptions {
  /** Where PostgreSQL listens; a free port without it. */
  readonly port?: number;
  /** Receives what the servers write, line by line. */
  readonly onOutput?: (source: string, line: string) => void;
}

const postgresServices = ['user', 'photo', 'transaction', 'upload'] as const;

/** The database servers of a data folder: PostgreSQL, and PGlite with pgvector for the faces. The databases are made. */
export async function startDatabases(
  dataFolder: string,
  { onOutput = () => {}, ...options }: DatabaseOptions = {},
): Promise<RunningDatabases> {
  await using started = new AsyncDisposableStack();
  const starting = [
    startPostgres({ ...options, dataDir: postgresFolderOf(dataFolder), log: (line) => onOutput('postgres', line) }),
    startPglite({ dataDir: path.join(dataFolder, 'faces'), log: (line) => onOutput('faces', line) }),
  ] as const;
  for (const server of starting) server.then(({ stop }) => started.defer(stop)).catch(() => {});
  // When one of them fails the other one has to be there before it can be stopped.
  await Promise.allSettled(starting);
  const [postgres, faces] = await Promise.all(starting);
  for (const name of postgresServices) await postgres.createDatabase(`kilas_${name}`);
  const urls = {
    user: postgres.url('kilas_user'),
    photo: postgres.url('kilas_photo'),
    transaction: postgres.url('kilas_transaction'),
    upload: postgres.url('kilas_upload'),
    ai: faces.url,
  };
  const broken = Promise.race([
    postgres.ended.then(() => 'PostgreSQL'),
    faces.ended.then(() => 'PGlite, the database of the faces,'),
  ]);
  const all = started.move();
  return { urls, postgres, faces, broken, stop: () => all.disposeAsync() };
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

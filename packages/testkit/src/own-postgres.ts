import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startPostgres } from '@kilas/embedded/start-postgres.ts';

export interface OwnPostgres extends EmbeddedPostgres {
  /** postgres:// of the superuser, whom nothing but trials of an operator's work needs. */
  adminUrl(database: string): string;
}

/** A PostgreSQL server that a test may restart, stop or give roles; it goes with its data at `stop`. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'kilas-own-postgres-'));
  // As root the server runs under another account, which must be able to pass.
  await chmod(folder, 0o711);
  const server = await startPostgres({ dataDir: join(folder, 'data'), durable: false });
  return {
    ...server,
    adminUrl: (database) => {
      const url = new URL(server.url(database));
      url.username = 'postgres';
      return url.href;
    },
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

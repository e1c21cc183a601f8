// PGlite behind a socket in a process of its own: it computes on its one thread, which must not be that of the services.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { SharedPglite } from './shared-pglite.ts';
import type { PgliteTask } from './start-pglite.ts';

const connectionCountMax = 100;

// A signal sent to all processes must not end the database before the services have drained; the parent ends us.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

const [task] = (await once(process, 'message')) as [PgliteTask];
const stopRequested = Promise.race([once(process, 'message'), once(process, 'disconnect')]);
const db = await openDatabase(task.dataDir);
const server = new PGLiteSocketServer({ db, ...task.listen, maxConnections: connectionCountMax });
await server.start();
process.send?.('ready');
await stopRequested;
await server.stop();
await db.close();
// The parent does this too, but may be gone.
if ('path' in task.listen) await rm(dirname(task.listen.path), { recursive: true, force: true });
process.exit();

/** Initialises a folder of its own and renames it when complete, so that an interrupted start leaves no half-made database. */
async function openDatabase(dataDir: string | undefined): Promise<SharedPglite> {
  const extensions = { vector };
  if (dataDir === undefined) return SharedPglite.open({ extensions });
  if (!existsSync(join(dataDir, 'PG_VERSION'))) {
    const draft = `${dataDir}.new`;
    await rm(draft, { recursive: true, force: true });
    // PGlite makes files that everyone may read and write.
    await mkdir(draft, { mode: 0o700 });
    await (await SharedPglite.open({ dataDir: draft, extensions })).close();
    await rename(draft, dataDir);
  }
  return SharedPglite.open({ dataDir, extensions });
}

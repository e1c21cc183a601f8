import type { JobKind } from '@kilas/platform/jobs/job-kinds.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { PgBoss } from 'pg-boss';
import type { Shop } from './start-shop.ts';

/** Sends a job as its schedule would and waits until the service has done it. */
export async function runJob<Data extends object>(shop: Shop, kind: JobKind<Data>, data: Data): Promise<void> {
  const boss = new PgBoss({
    connectionString: shop.system.databaseUrls.transaction,
    schema: 'jobs',
    max: 1,
    supervise: false,
    schedule: false,
    migrate: false,
  });
  boss.on('error', () => {});
  await boss.start();
  try {
    const id = await boss.send(kind.name, { data, requestId: newId() });
    if (id === null) throw new Error(`no job of the kind ${kind.name} was made`);
    await waitFor(async () => (await boss.getJobById(kind.name, id))?.state === 'completed', { what: kind.name });
  } finally {
    await boss.stop({ graceful: false });
  }
}

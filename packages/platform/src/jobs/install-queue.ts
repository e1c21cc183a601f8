import { setTimeout as delay } from 'node:timers/promises';
import { PgBoss } from 'pg-boss';
import { openDatabase } from '../db/database.ts';
import { asOwner, grantRights, roleOf } from '../db/database-rights.ts';

const pollMs = 200;

/** Installs or upgrades the tables of the job queue as their owner, and gives the role of `databaseUrl` what working needs. */
export async function installQueue(options: { ownerUrl: string; databaseUrl: string; schema: string }): Promise<void> {
  const { ownerUrl, schema } = options;
  const boss = new PgBoss({
    connectionString: ownerUrl,
    schema,
    max: 2,
    application_name: 'kilas-owner',
    supervise: false,
    schedule: false,
    bamIntervalSeconds: 10,
  });
  let failure: Error | undefined;
  boss.on('error', (error) => {
    failure = error;
  });
  await boss.start();
  try {
    // Indexes that an upgrade makes beside running work; only the owner can.
    while ((await boss.getBamStatus()).some(({ status }) => status !== 'completed')) {
      if (failure !== undefined) throw failure;
      await delay(pollMs);
    }
  } finally {
    await boss.stop({ graceful: false });
  }
  const role = await roleAt(options.databaseUrl);
  await asOwner(ownerUrl, (owner) => grantRights(owner, { schema, role }));
}

async function roleAt(url: string): Promise<string> {
  const db = openDatabase<unknown>({ url, poolSizeMax: 1, onTrouble: () => {} });
  try {
    return await roleOf(db);
  } finally {
    await db.destroy();
  }
}

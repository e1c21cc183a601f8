import { migrationsOf } from '@kilas/installation/service-files.ts';
import type { ServiceName } from '@kilas/installation/service-names.ts';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { migrate } from '@kilas/platform/db/migrate.ts';
import type { Holdings, HoldingsOptions } from '@kilas/platform/service/holdings.ts';
import { createTestDatabase, createTestVectorDatabase } from '@kilas/testkit/test-database.ts';

/** The tables of a service with no rows, and its door. No row is too young to be compared. */
export async function openEmptyService<Door extends Holdings>(
  name: ServiceName,
  openHoldings: (options: HoldingsOptions) => Promise<Door>,
) {
  const database = await (name === 'ai' ? createTestVectorDatabase() : createTestDatabase());
  const db = openDatabase<object>({ url: database.url, poolSizeMax: 1, onTrouble: () => {} });
  await migrate(db, migrationsOf(name));
  const door = await openHoldings({ databaseUrl: database.url, before: new Date(Date.now() + 60_000) });
  const close = async () => {
    await door.close();
    await db.destroy();
    await database.drop();
  };
  return { db, url: database.url, door, close };
}

import { openDatabase } from '@kilas/platform/db/database.ts';
import { migrate } from '@kilas/platform/db/migrate.ts';
import { createTestVectorDatabase } from '@kilas/testkit/test-database.ts';
import type { Kysely } from 'kysely';
import type { AiSchema } from '../db/schema.ts';

export interface FaceDatabase {
  readonly url: string;
  readonly db: Kysely<AiSchema>;
  close(): Promise<void>;
}

/** The tables of this service on a fresh PGlite, reached as in an installation: by one connection. */
export async function openFaceDatabase(): Promise<FaceDatabase> {
  const { url, drop } = await createTestVectorDatabase();
  const db = openDatabase<AiSchema>({ url, poolSizeMax: 1, onTrouble: () => {} });
  await migrate(db, new URL('../db/migrations/', import.meta.url));
  return {
    url,
    db,
    close: async () => {
      await db.destroy();
      await drop();
    },
  };
}

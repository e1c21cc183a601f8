import type { Db } from '@kilas/platform/db/database.ts';
import type { UploadSchema } from '../db/schema.ts';

export async function insertSelfieIntent(
  db: Db<UploadSchema>,
  intent: { selfieKey: string; now: Date },
): Promise<void> {
  await db.insertInto('selfie_intents').values({ selfie_key: intent.selfieKey, created_at: intent.now }).execute();
}

/** False when somebody else took it: whoever deletes the intent decides what becomes of the selfie. */
export async function deleteSelfieIntent(db: Db<UploadSchema>, selfieKey: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('selfie_intents')
    .where('selfie_key', '=', selfieKey)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

export async function listSelfieIntentsBefore(db: Db<UploadSchema>, before: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('selfie_intents')
    .select('selfie_key')
    .where('created_at', '<', before)
    .orderBy('created_at')
    .limit(limit)
    .execute();
  return rows.map((row) => row.selfie_key);
}

import type { Db } from '@kilas/platform/db/database.ts';
import type { Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';

export async function findMark(db: Db<AiSchema>): Promise<string | undefined> {
  return (await db.selectFrom('turning').select('mark').executeTakeFirst())?.mark;
}

/** Notes the mark, or locks the one that is there and answers it. */
export async function insertOrLockMark(
  tx: Transaction<AiSchema>,
  mark: string,
  turnedAt: Date,
): Promise<string | undefined> {
  const inserted = await tx
    .insertInto('turning')
    .values({ mark, turned_at: turnedAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning('mark')
    .executeTakeFirst();
  if (inserted !== undefined) return undefined;
  return (await tx.selectFrom('turning').select('mark').forUpdate().executeTakeFirstOrThrow()).mark;
}

export async function updateMark(tx: Transaction<AiSchema>, mark: string, turnedAt: Date): Promise<void> {
  await tx.updateTable('turning').set({ mark, turned_at: turnedAt }).execute();
}

/** All that have stored embeddings. */
export async function listPacks(tx: Transaction<AiSchema>): Promise<{ packId: string; dimension: number }[]> {
  const rows = await tx.selectFrom('packs').select(['pack_id', 'dimension']).orderBy('pack_id').execute();
  return rows.map((row) => ({ packId: row.pack_id, dimension: row.dimension }));
}

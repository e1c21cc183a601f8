import type { Db } from '@kilas/platform/db.ts';
import { type Selectable, sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';

export type Erasure = Selectable<AiSchema['erasures']>;

/** In the transaction that erases. */
export async function insertWithdrawal(
  tx: Transaction<AiSchema>,
  erasure: { erasureId: string; templateCount: number; faceCount: number; dueAt: Date; erasedAt: Date },
): Promise<void> {
  await tx
    .insertInto('erasures')
    .values({
      erasure_id: erasure.erasureId,
      reason: 'withdrawal',
      event_id: null,
      due_at: erasure.dueAt,
      template_count: erasure.templateCount,
      face_count: erasure.faceCount,
      erased_at: erasure.erasedAt,
      unsearchable_at: null,
      gone_at: null,
    })
    .execute();
}

export async function findErasure(db: Db<AiSchema>, erasureId: string): Promise<Erasure | undefined> {
  return db.selectFrom('erasures').selectAll().where('erasure_id', '=', erasureId).executeTakeFirst();
}

/** Those that are not proven to be gone, the longest due first. */
export async function listOpenErasures(db: Db<AiSchema>, limit: number): Promise<Erasure[]> {
  return db
    .selectFrom('erasures')
    .selectAll()
    .where('gone_at', 'is', null)
    .orderBy('due_at')
    .orderBy('erasure_id')
    .limit(limit)
    .execute();
}

/** The first time stays; what was looked for adds up, and what was found is never forgotten. */
export async function markUnsearchable(
  db: Db<AiSchema>,
  erasureId: string,
  probe: { at: Date; vectorsProbed: number; survivors: number },
): Promise<void> {
  await db
    .updateTable('erasures')
    .set((eb) => ({
      unsearchable_at: eb.fn.coalesce('unsearchable_at', eb.val(probe.at)),
      vectors_probed: sql<number>`vectors_probed + ${probe.vectorsProbed}::integer`,
      survivors: sql<number>`greatest(survivors, ${probe.survivors}::integer)`,
    }))
    .where('erasure_id', '=', erasureId)
    .execute();
}

/** Unless more was erased under it since it was read: that may still be there. */
export async function markGone(db: Db<AiSchema>, { erasure_id, face_count }: Erasure, at: Date): Promise<void> {
  await db
    .updateTable('erasures')
    .set((eb) => ({ gone_at: at, unsearchable_at: eb.fn.coalesce('unsearchable_at', eb.val(at)) }))
    .where('erasure_id', '=', erasure_id)
    .where('face_count', '=', face_count)
    .where('gone_at', 'is', null)
    .execute();
}

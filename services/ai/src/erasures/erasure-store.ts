import type { Db } from '@kilas/platform/db/database.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { type Selectable, sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';

export type Erasure = Selectable<AiSchema['erasures']>;

/** In the transaction that erases. */
export async function insertWithdrawal(
  tx: Transaction<AiSchema>,
  erasure: {
    erasureId: string;
    templateCount: number;
    faceCount: number;
    cutOffCount: number;
    /** Null where no face was cut off. */
    cutOffUntil: Date | null;
    dueAt: Date;
    erasedAt: Date;
  },
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
      cut_off_count: erasure.cutOffCount,
      cut_off_until: erasure.cutOffUntil,
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

/** Notes faces of one event (null: of photos without one) in the row that is open for it; answers its id. */
export async function noteExpired(
  tx: Transaction<AiSchema>,
  expired: { eventId: string | null; dueAt: Date; faceCount: number; now: Date },
): Promise<string> {
  const { rows } = await sql<{ erasure_id: string }>`
    insert into erasures (erasure_id, reason, event_id, due_at, face_count, erased_at)
    values (${newId()}, 'retention', ${expired.eventId}, ${expired.dueAt}, ${expired.faceCount}, ${expired.now})
    on conflict (coalesce(event_id, '00000000-0000-0000-0000-000000000000'))
      where reason = 'retention' and gone_at is null
    do update set face_count = erasures.face_count + excluded.face_count, erased_at = excluded.erased_at,
      due_at = least(erasures.due_at, excluded.due_at)
    returning erasure_id`.execute(tx);
  const id = rows[0]?.erasure_id;
  if (id === undefined) throw new Error('an erasure was not noted');
  return id;
}

/** Faces whose time came, or whose photo was deleted; answers the id of the note. */
export async function insertErasure(
  tx: Transaction<AiSchema>,
  erasure: { reason: 'cut_off' | 'deletion'; dueAt: Date; faceCount: number; erasedAt: Date },
): Promise<string> {
  const erasureId = newId();
  await tx
    .insertInto('erasures')
    .values({
      erasure_id: erasureId,
      reason: erasure.reason,
      event_id: null,
      due_at: erasure.dueAt,
      face_count: erasure.faceCount,
      erased_at: erasure.erasedAt,
      unsearchable_at: null,
      gone_at: null,
    })
    .execute();
  return erasureId;
}

/** Withdrawals whose faces that were cut off are all gone by now, or somebody else's. */
export async function markCutOffGone(db: Db<AiSchema>, at: Date): Promise<void> {
  await db
    .updateTable('erasures')
    .set({ cut_off_gone_at: at })
    .where('cut_off_until', '<=', at)
    .where('cut_off_gone_at', 'is', null)
    .where(sql<boolean>`not exists (select from cut_off_places p where p.erase_at <= erasures.cut_off_until)`)
    .where(sql<boolean>`not exists (select from erasures o where o.reason = 'cut_off' and o.gone_at is null)`)
    .execute();
}

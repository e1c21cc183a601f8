import type { Db } from '@kilas/platform/db/database.ts';
import { sql } from 'kysely';
import type { TransactionSchema } from '../db/schema.ts';
import type { UnpaidHold } from './unpaid-hold.ts';

type HoldsDb = Db<TransactionSchema>;

/** Keeps which exclusive photos an order holds; before its reservations go. Answers which they are. */
export async function insertUnpaidHolds(
  db: HoldsDb,
  hold: { orderId: string; heldSeconds: number; endedAt: Date },
): Promise<string[]> {
  const rows = await db
    .insertInto('unpaid_holds')
    .columns(['order_id', 'photo_id', 'buyer_id', 'held_seconds', 'ended_at'])
    .expression((eb) =>
      eb
        .selectFrom('reservations')
        .select([
          'order_id',
          'photo_id',
          'buyer_id',
          sql<number>`${hold.heldSeconds}::integer`.as('held_seconds'),
          sql<Date>`${hold.endedAt}::timestamptz`.as('ended_at'),
        ])
        .where('order_id', '=', hold.orderId)
        .where('is_exclusive', '=', true),
    )
    .returning('photo_id')
    .execute();
  return rows.map((row) => row.photo_id);
}

/** The buyer's holds of these photos that ended after `since`. */
export async function listUnpaidHolds(
  db: HoldsDb,
  buyerId: string,
  photoIds: readonly string[],
  since: Date,
): Promise<UnpaidHold[]> {
  if (photoIds.length === 0) return [];
  return db
    .selectFrom('unpaid_holds')
    .select(['photo_id as photoId', 'held_seconds as heldSeconds', 'ended_at as endedAt'])
    .where('buyer_id', '=', buyerId)
    .where('photo_id', 'in', [...photoIds])
    .where('ended_at', '>', since)
    .execute();
}

/** How many exclusive photos a buyer holds now, or held after `since` and did not pay; and when the first of these holds ended. */
export async function countPhotosHeld(
  db: HoldsDb,
  buyerId: string,
  since: Date,
): Promise<{ photoCount: number; firstEndedAt: Date | null }> {
  return db
    .selectFrom((eb) =>
      eb
        .selectFrom('unpaid_holds')
        .select(['photo_id', sql<Date | null>`ended_at`.as('ended_at')])
        .where('buyer_id', '=', buyerId)
        .where('ended_at', '>', since)
        .unionAll(
          eb
            .selectFrom('reservations')
            .select(['photo_id', sql<Date | null>`null::timestamptz`.as('ended_at')])
            .where('buyer_id', '=', buyerId)
            .where('is_exclusive', '=', true),
        )
        .as('held'),
    )
    .select([
      sql<number>`count(distinct held.photo_id)::int`.as('photoCount'),
      sql<Date | null>`min(held.ended_at)`.as('firstEndedAt'),
    ])
    .executeTakeFirstOrThrow();
}

/** The order was paid after its end. */
export async function deleteUnpaidHolds(db: HoldsDb, orderId: string): Promise<void> {
  await db.deleteFrom('unpaid_holds').where('order_id', '=', orderId).execute();
}

/** Those that count no longer. */
export async function deleteOldUnpaidHolds(db: HoldsDb, before: Date): Promise<void> {
  await db.deleteFrom('unpaid_holds').where('ended_at', '<', before).execute();
}

import { holderOn } from '@kilas/platform/service/holdings.ts';
import { type Kysely, sql } from 'kysely';
import type { TransactionSchema } from '../db/schema.ts';

export function holdingsIn(db: Kysely<TransactionSchema>, before: Date) {
  const hold = holderOn(db, before);
  const licences = db
    .selectFrom('licences')
    .select(['licence_id as id', 'photo_id as photoId', 'buyer_id as buyerId'])
    .select(['is_exclusive as isExclusive', 'granted_at as grantedAt']);
  return {
    licences: hold(licences, { since: 'grantedAt' }),
    licensed: hold(licences, { key: ['buyerId', 'photoId'] }),
    /** Photos that somebody bought. */
    sold: hold(db.selectFrom('licences').select('photo_id as id').groupBy('photo_id')),
    /** The photos of orders that are open or paid, each once, with one of these orders. */
    ordered: hold(
      db
        .selectFrom('order_items as i')
        .innerJoin('orders as o', 'o.order_id', 'i.order_id')
        .select(['i.photo_id as id', sql<string>`min(i.order_id::text)`.as('orderId')])
        .select((eb) => eb.fn.min('o.created_at').as('orderedAt'))
        .where('o.state', 'in', ['pending', 'paid'])
        .groupBy('i.photo_id'),
      { since: 'orderedAt' },
    ),
    buyers: hold(db.selectFrom('orders').select('buyer_id as id').groupBy('buyer_id')),
  };
}

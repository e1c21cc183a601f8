import { sql } from 'kysely';
import { z } from 'zod';
import { type Database, idsOf, pagesOf, rowsOf, uuids } from './database.ts';

const licenceRow = z.object({ id: z.string(), photoId: z.string(), buyerId: z.string(), isExclusive: z.boolean() });
const itemRow = z.object({ id: z.string(), orderId: z.string() });
const ledgerRow = z.object({ entries: z.number(), faults: z.number(), isSealed: z.boolean() });

export type LicenceRow = z.output<typeof licenceRow>;

/** What the operator knows of transaction's tables. */
export class TransactionTables {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  licences(before: Date): AsyncIterable<LicenceRow[]> {
    return pagesOf(
      this.db,
      licenceRow,
      ({ id }) => id,
      (
        after,
        limit,
      ) => sql`select licence_id as id, photo_id as "photoId", buyer_id as "buyerId", is_exclusive as "isExclusive" from licences
        where licence_id > ${after}::uuid and granted_at < ${before} order by licence_id limit ${limit}`,
    );
  }

  /** Which of these are licensed, each as `<buyer> <photo>`. */
  async listLicensed(pairs: readonly { buyerId: string; photoId: string }[]): Promise<ReadonlySet<string>> {
    const [buyerIds, photoIds] = [pairs.map(({ buyerId }) => buyerId), pairs.map(({ photoId }) => photoId)];
    return idsOf(
      this.db,
      sql`select buyer_id || ' ' || photo_id as id from licences
        join unnest(${uuids(buyerIds)}, ${uuids(photoIds)}) as asked (buyer_id, photo_id) using (buyer_id, photo_id)`,
    );
  }

  /** The photos of orders that are open or paid, each once. */
  orderedPhotos(before: Date): AsyncIterable<z.output<typeof itemRow>[]> {
    return pagesOf(
      this.db,
      itemRow,
      ({ id }) => id,
      (after, limit) => sql`select i.photo_id as id, min(i.order_id::text) as "orderId" from order_items i
        join orders o using (order_id)
        where i.photo_id > ${after}::uuid and o.state in ('pending', 'paid') and o.created_at < ${before}
        group by i.photo_id order by i.photo_id limit ${limit}`,
    );
  }

  async listSold(photoIds: readonly string[]): Promise<ReadonlySet<string>> {
    return idsOf(this.db, sql`select photo_id as id from licences where photo_id = any(${uuids(photoIds)})`);
  }

  buyers(): AsyncIterable<{ id: string }[]> {
    return pagesOf(
      this.db,
      z.object({ id: z.string() }),
      ({ id }) => id,
      (after, limit) => sql`select distinct buyer_id as id from orders where buyer_id > ${after}::uuid
        order by 1 limit ${limit}`,
    );
  }

  /** Whether entries follow each other without a gap, each seals the one before, all balance, and the head is the last one. */
  async readLedger(): Promise<z.output<typeof ledgerRow>> {
    const [row] = await rowsOf(
      this.db,
      ledgerRow,
      sql`with chain as (
          select entry_id, sequence, hash, previous_hash, posting_count,
            lag(sequence, 1, 0::bigint) over w as last_sequence, lag(hash, 1, repeat('0', 64)) over w as last_hash
          from entries window w as (order by sequence)
        ), sums as (
          select entry_id, count(*) as count, sum(amount_idr) as sum from postings group by entry_id
        )
        select count(*)::int as entries,
          (count(*) filter (where c.sequence <> c.last_sequence + 1 or c.previous_hash <> c.last_hash
            or s.count is distinct from c.posting_count or s.sum <> 0))::int as faults,
          exists (select from ledger_head h where h.sequence = coalesce((select max(sequence) from entries), 0)
            and h.hash = coalesce((select hash from entries order by sequence desc limit 1), repeat('0', 64))) as "isSealed"
        from chain c left join sums s using (entry_id)`,
    );
    if (row === undefined) throw new Error('the ledger did not answer');
    return row;
  }
}

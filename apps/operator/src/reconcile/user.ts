import { sql } from 'kysely';
import { z } from 'zod';
import { type Database, idsOf, pagesOf, rowsOf, uuids } from './database.ts';

const receiptRow = z.object({ id: z.string(), memberId: z.string(), epoch: z.number(), requestedAt: z.date() });
const creatorRow = z.object({ id: z.string(), displayName: z.string(), joinedAt: z.date() });

export type ReceiptRow = z.output<typeof receiptRow>;

/** What the operator knows of user's tables. */
export class UserTables {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async listAccounts(accountIds: readonly string[]): Promise<ReadonlySet<string>> {
    return idsOf(this.db, sql`select id from accounts where id = any(${uuids(accountIds)})`);
  }

  creators(): AsyncIterable<z.output<typeof creatorRow>[]> {
    return pagesOf(
      this.db,
      creatorRow,
      ({ id }) => id,
      (
        after,
        limit,
      ) => sql`select account_id as id, display_name as "displayName", joined_at as "joinedAt" from creators
        where account_id > ${after}::uuid order by account_id limit ${limit}`,
    );
  }

  /** Of "member epoch", those whose consent is in force, or was withdrawn so lately that it is being carried out. */
  async listConsents(
    consents: readonly { memberId: string; epoch: number }[],
    withdrawnSince: Date,
  ): Promise<ReadonlySet<string>> {
    const memberIds = [...new Set(consents.map(({ memberId }) => memberId))];
    return idsOf(
      this.db,
      sql`select account_id || ' ' || epoch as id from consents
        where account_id = any(${uuids(memberIds)}) and (withdrawn_at is null or withdrawn_at >= ${withdrawnSince})`,
    );
  }

  /** Receipts of withdrawals, by the id of their event. */
  receipts(before: Date): AsyncIterable<ReceiptRow[]> {
    return pagesOf(
      this.db,
      receiptRow,
      ({ id }) => id,
      (after, limit) => sql`select event_id as id, account_id as "memberId", epoch, requested_at as "requestedAt"
        from consent_receipts where event_id > ${after}::uuid and requested_at < ${before} order by event_id limit ${limit}`,
    );
  }

  /** For each member the newest epoch that was withdrawn. */
  async listWithdrawn(memberIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const row = z.object({ id: z.string(), epoch: z.number() });
    const query = sql`select account_id as id, max(epoch) as epoch from consent_receipts
      where account_id = any(${uuids(memberIds)}) group by account_id`;
    return new Map((await rowsOf(this.db, row, query)).map(({ id, epoch }) => [id, epoch]));
  }

  /** Notices of matches to members without a consent in force. */
  async listForbiddenNotices(before: Date): Promise<string[]> {
    const rows = await rowsOf(
      this.db,
      z.object({ id: z.string() }),
      sql`select id from notifications n where kind = 'matches_found' and created_at < ${before} and not exists (
        select from consents c where c.account_id = n.account_id and c.withdrawn_at is null) order by id limit 10000`,
    );
    return rows.map(({ id }) => id);
  }

  async countNotices(): Promise<number> {
    const query = sql`select count(*)::int as count from notifications where kind = 'matches_found'`;
    return (await rowsOf(this.db, z.object({ count: z.number() }), query))[0]?.count ?? 0;
  }

  async deleteNotices(ids: readonly string[]): Promise<void> {
    await sql`delete from notifications where id = any(${uuids(ids)})`.execute(this.db);
  }
}

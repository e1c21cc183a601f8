import { sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { type Database, rowsOf, uuids } from './database.ts';

/** Up to which epoch members were erased; ai, photo and upload each have the same table for it. */
export async function listErased(db: Database, memberIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const row = z.object({ id: z.string(), epoch: z.number() });
  const query = sql`select member_id as id, erased_epoch as epoch from erased_members
    where member_id = any(${uuids(memberIds)})`;
  return new Map((await rowsOf(db, row, query)).map(({ id, epoch }) => [id, epoch]));
}

/** Tombstones only ever move forward. The row is locked until the transaction ends, as by whoever writes for the member. */
export async function raiseTombstone(tx: Transaction<object>, memberId: string, epoch: number): Promise<void> {
  await sql`insert into erased_members (member_id, erased_epoch) values (${memberId}, ${epoch})
    on conflict (member_id) do update
      set erased_epoch = greatest(erased_members.erased_epoch, excluded.erased_epoch)`.execute(tx);
}

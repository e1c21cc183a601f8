import type { Db } from '@kilas/platform/db/database.ts';
import { sql } from 'kysely';
import type { AiSchema } from '../db/schema.ts';

/** Rows that lead from whoever they hold to a member, under consents up to the epoch given. */
export async function countLinks(db: Db<AiSchema>, memberId: string, epoch: number): Promise<number> {
  const isOf = sql`member_id = ${memberId} and consent_epoch <= ${epoch}`;
  const { rows } = await sql<{ count: number }>`
    select (
      (select count(*) from templates where ${isOf}) + (select count(*) from face_matches where ${isOf})
      + (select count(*) from face_places where ${isOf}) + (select count(*) from outdated_facecams where ${isOf})
    )::int as count`.execute(db);
  return rows[0]?.count ?? 0;
}

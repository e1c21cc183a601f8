import type { Db } from '@kilas/platform/db/database.ts';
import { sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { readVector, vectorOf } from '../db/vector.ts';
import { likenessIn, rawReach } from '../distances/distance-sql.ts';
import { likenessOf } from '../distances/normalised-distance.ts';
import { candidateDistanceMax } from '../packs/pack-store.ts';

/**
 * Makes the likeness of a member again from their present selfies, for each pack and consent: the newest facecam leads with the mean of all. A
 * confirmed face leads by itself. Call it after every change of the member's templates, in the same transaction; the caller has locked the member.
 */
export async function updateLikenesses(tx: Transaction<AiSchema>, memberId: string): Promise<void> {
  const rows = await tx
    .selectFrom('templates')
    .select(['facecam_id', 'pack_id', 'consent_epoch', sql<string>`embedding::text`.as('embedding')])
    .where('member_id', '=', memberId)
    .where('source', '=', 'selfie')
    .orderBy('created_at', 'desc')
    .orderBy('facecam_id', 'desc')
    .limit(100)
    .execute();
  for (const group of Map.groupBy(rows, (row) => `${row.consent_epoch} ${row.pack_id}`).values()) {
    const [lead] = group;
    if (lead === undefined) continue;
    const likeness = likenessOf(group.map(({ embedding }) => readVector(embedding)));
    await tx
      .updateTable('templates')
      .set({
        is_lead: sql<boolean>`facecam_id = ${lead.facecam_id}::uuid`,
        likeness: sql<
          string | null
        >`case when facecam_id = ${lead.facecam_id}::uuid then ${group.length === 1 ? null : vectorOf(likeness)}::vector end`,
      })
      .where('member_id', '=', memberId)
      .where('source', '=', 'selfie')
      .where('pack_id', '=', lead.pack_id)
      .where('consent_epoch', '=', lead.consent_epoch)
      .execute();
  }
}

/** What a member is searched by under a pack, and how far. */
export interface Likeness {
  readonly packId: string;
  readonly dimension: number;
  /** pgvector's text form. */
  readonly embedding: string;
  readonly candidateDistanceMax: number;
  /** As L2 distance: no face that is farther comes within the cut. */
  readonly distanceMax: number;
}

/** Those that a facecam leads, by pack. */
export async function listLikenesses(db: Db<AiSchema>, facecamId: string): Promise<Likeness[]> {
  const candidateMax = candidateDistanceMax('p');
  const { rows } = await sql<Likeness>`
    select t.pack_id as "packId", t.dimension, ${likenessIn('t')}::text as embedding,
      ${candidateMax} as "candidateDistanceMax",
      case when n.pack_id is null then ${candidateMax} else ${rawReach(candidateMax)} end as "distanceMax"
    from templates t join packs p on p.pack_id = t.pack_id left join typical_faces n on n.pack_id = t.pack_id
    where t.facecam_id = ${facecamId} and t.is_lead order by t.pack_id`.execute(db);
  return rows;
}

/** Members who have selfies under a pack and a consent, but no leading one among them; in order of id. */
export async function listMembersWithoutLead(db: Db<AiSchema>, limit: number): Promise<string[]> {
  const { rows } = await sql<{ member_id: string }>`
    select distinct member_id from (
      select member_id from templates where source = 'selfie'
      group by member_id, pack_id, consent_epoch having not bool_or(is_lead)
    ) leaderless order by member_id limit ${limit}`.execute(db);
  return rows.map((row) => row.member_id);
}

import type { Db } from '@kilas/platform/db/database.ts';
import { sql } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { isNear, likenessIn, normalisedDistanceOf } from '../distances/distance-sql.ts';

const ownEmbedding = sql.ref('own.embedding');

/** The packs that a facecam is enrolled under, and how many other members have selfies under each. */
export async function countOthers(db: Db<AiSchema>, facecamId: string): Promise<{ packId: string; others: number }[]> {
  const { rows } = await sql<{ packId: string; others: number }>`
    select own.pack_id as "packId", (select count(distinct t.member_id)::int from templates t
      where t.pack_id = own.pack_id and t.member_id <> own.member_id and t.source = 'selfie') as others
    from templates own where own.facecam_id = ${facecamId} order by own.pack_id`.execute(db);
  return rows;
}

/** Other members whose likeness lies within the distance of a facecam, the nearest first. */
export async function listMembersNear(
  db: Db<AiSchema>,
  { facecamId, packId }: { facecamId: string; packId: string },
  { distanceMax, limit }: { distanceMax: number; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ member_id: string }>`
    select t.member_id from templates own join templates t on t.pack_id = own.pack_id and t.member_id <> own.member_id
    left join typical_faces n on n.pack_id = own.pack_id
    where own.facecam_id = ${facecamId} and own.pack_id = ${packId} and t.is_lead and t.source = 'selfie'
      and ${isNear(ownEmbedding, likenessIn('t'), 'n', sql<number>`${distanceMax}::double precision`)}
    group by t.member_id order by min(${normalisedDistanceOf(ownEmbedding, likenessIn('t'), 'n')}), t.member_id
    limit ${limit}`.execute(db);
  return rows.map((row) => row.member_id);
}

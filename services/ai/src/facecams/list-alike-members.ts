import type { Calibration } from '@kilas/face-engine/distances/calibration.ts';
import { distanceAtFalseMatchRate } from '@kilas/face-engine/distances/level.ts';
import type { Db } from '@kilas/platform/db/database.ts';
import { sql } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { isNear, likenessIn, normalisedDistanceOf } from '../distances/distance-sql.ts';
import { listCalibrations } from '../packs/pack-store.ts';

/** Members told of for one facecam at most, the nearest. */
export const alikeMembersMax = 10;
/** Strangers that one enrolment may expect to be told of: twenty enrolments alarm one pair of people for nothing. */
const strangersMax = 0.05;

const ownEmbedding = sql.ref('own.embedding');

/**
 * Other members who are enrolled with a face so like that of this facecam that chance is unlikely, the nearest first. Call it after the templates
 * of the facecam were committed: then of two who enrol at the same moment, at least one finds the other.
 */
export async function listAlikeMembers(db: Db<AiSchema>, facecamId: string): Promise<string[]> {
  const calibrationOf = await listCalibrations(db);
  const { rows: packs } = await sql<{ pack_id: string; others: number }>`
    select own.pack_id, (select count(distinct t.member_id)::int from templates t
      where t.pack_id = own.pack_id and t.member_id <> own.member_id and t.source = 'selfie') as others
    from templates own where own.facecam_id = ${facecamId} order by own.pack_id`.execute(db);
  const found = new Set<string>();
  for (const { pack_id: packId, others } of packs) {
    if (others === 0) continue;
    const distanceMax = alikeDistanceMax(calibrationOf(packId), others);
    const { rows } = await sql<{ member_id: string }>`
      select t.member_id from templates own join templates t on t.pack_id = own.pack_id and t.member_id <> own.member_id
      left join typical_faces n on n.pack_id = own.pack_id
      where own.facecam_id = ${facecamId} and own.pack_id = ${packId} and t.is_lead and t.source = 'selfie'
        and ${isNear(ownEmbedding, likenessIn('t'), 'n', sql<number>`${distanceMax}::double precision`)}
      group by t.member_id order by min(${normalisedDistanceOf(ownEmbedding, likenessIn('t'), 'n')}), t.member_id
      limit ${alikeMembersMax}`.execute(db);
    for (const row of rows) found.add(row.member_id);
  }
  return [...found].slice(0, alikeMembersMax);
}

/** As near as facecams of one member are, and nearer the more people there are to be taken for each other. */
export function alikeDistanceMax(calibration: Calibration, otherMembers: number): number {
  return Math.min(
    calibration.samePersonDistanceMax,
    distanceAtFalseMatchRate(calibration, strangersMax / Math.max(1, otherMembers)),
  );
}

import type { Db } from '@kilas/platform/db.ts';
import { sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';

/** A face that was taken for a member's. */
export interface Claim {
  readonly faceId: string;
  readonly memberId: string;
  /** Normalised distance to the likeness of the member's selfies or to a confirmed face of theirs, as the match holds it. */
  readonly distance: number;
}

/** What else is known of a claimed face. */
export interface ClaimedFace extends Claim {
  readonly packId: string;
  /** Distance of the nearest of all other members who are found by this face; null without one. */
  readonly otherDistance: number | null;
  /** Faces that were searched beside it: those of its event, or of its creator's photos without one. */
  readonly galleryFaces: number;
}

/** The faces that a member is found by under consents up to the epoch given. */
export async function listClaims(tx: Transaction<AiSchema>, memberId: string, epoch: number): Promise<Claim[]> {
  const rows = await tx
    .selectFrom('face_matches')
    .select(['face_id', 'distance'])
    .where('member_id', '=', memberId)
    .where('consent_epoch', '<=', epoch)
    .execute();
  return rows.map((row) => ({ faceId: row.face_id, memberId, distance: row.distance }));
}

export async function countMatchesUpTo(db: Db<AiSchema>, memberId: string, epoch: number): Promise<number> {
  const row = await db
    .selectFrom('face_matches')
    .select(sql<number>`count(distinct photo_id)::int`.as('count'))
    .where('member_id', '=', memberId)
    .where('consent_epoch', '<=', epoch)
    .executeTakeFirstOrThrow();
  return row.count;
}

/** Of faces that are still there. A gallery leaves out what the member took themself, as the default cut does. */
export async function listClaimedFaces(tx: Transaction<AiSchema>, claims: readonly Claim[]): Promise<ClaimedFace[]> {
  if (claims.length === 0) return [];
  const { rows } = await sql<{
    face_id: string;
    member_id: string;
    distance: number;
    pack_id: string;
    other_distance: number | null;
    gallery_faces: number;
  }>`
    with claimed as (
      select f.face_id, c."memberId" as member_id, c.distance, f.pack_id, f.event_id,
        case when f.event_id is null then f.creator_id end as creator_id
      from jsonb_to_recordset(${JSON.stringify(claims)}::jsonb) as c ("faceId" uuid, "memberId" uuid, distance double precision)
      join faces f on f.face_id = c."faceId"
    ), galleries as (
      select g.*, coalesce(case
        when g.event_id is not null then (
          select sum(r.face_count) from photo_recognitions r
          where r.event_id = g.event_id and r.pack_id = g.pack_id and r.creator_id <> g.member_id)
        when g.creator_id <> g.member_id then (
          select sum(r.face_count) from photo_recognitions r
          where r.event_id is null and r.creator_id = g.creator_id and r.pack_id = g.pack_id)
      end, 0)::int as face_count
      from (select distinct member_id, pack_id, event_id, creator_id from claimed) g
    )
    select c.face_id, c.member_id, c.distance, c.pack_id, g.face_count as gallery_faces,
      (select min(m.distance) from face_matches m where m.face_id = c.face_id and m.member_id <> c.member_id) as other_distance
    from claimed c join galleries g on g.member_id = c.member_id and g.pack_id = c.pack_id
      and g.event_id is not distinct from c.event_id and g.creator_id is not distinct from c.creator_id
    order by c.face_id`.execute(tx);
  return rows.map((row) => ({
    faceId: row.face_id,
    memberId: row.member_id,
    distance: row.distance,
    packId: row.pack_id,
    otherDistance: row.other_distance,
    galleryFaces: row.gallery_faces,
  }));
}

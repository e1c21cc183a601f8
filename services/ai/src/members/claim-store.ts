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
  /** As many of them as there were when the member could first be found by it: the more there are, the less is shown by default. */
  readonly galleryFacesAtFirst: number;
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
    gallery_faces_at_first: number;
  }>`
    with claimed as (
      select f.face_id, f.photo_id, c."memberId" as member_id, c.distance, f.pack_id, f.event_id,
        case when f.event_id is null then f.creator_id end as creator_id,
        greatest(f.created_at, (
          select min(t.created_at) from templates t where t.member_id = c."memberId" and t.pack_id = f.pack_id)) as findable_at
      from jsonb_to_recordset(${JSON.stringify(claims)}::jsonb) as c ("faceId" uuid, "memberId" uuid, distance double precision)
      join faces f on f.face_id = c."faceId"
    ), galleries as (
      select distinct member_id, pack_id, event_id, creator_id from claimed
    ), searched as materialized (
      select g.*, r.photo_id, r.recognised_at, r.face_count from galleries g
      join photo_recognitions r on r.event_id = g.event_id and r.pack_id = g.pack_id and r.creator_id <> g.member_id
      union all
      select g.*, r.photo_id, r.recognised_at, r.face_count from galleries g
      join photo_recognitions r on r.event_id is null and g.event_id is null and r.creator_id = g.creator_id
        and r.pack_id = g.pack_id and r.creator_id <> g.member_id
    )
    select c.face_id, c.member_id, c.distance, c.pack_id,
      coalesce(s.all_faces, 0)::int as gallery_faces, coalesce(s.faces_at_first, 0)::int as gallery_faces_at_first,
      (select min(m.distance) from face_matches m where m.face_id = c.face_id and m.member_id <> c.member_id) as other_distance
    from claimed c cross join lateral (
      select sum(s.face_count) as all_faces,
        sum(s.face_count) filter (where s.recognised_at <= c.findable_at or s.photo_id = c.photo_id) as faces_at_first
      from searched s
      where s.member_id = c.member_id and s.pack_id = c.pack_id
        and s.event_id is not distinct from c.event_id and s.creator_id is not distinct from c.creator_id
    ) s
    order by c.face_id`.execute(tx);
  return rows.map((row) => ({
    faceId: row.face_id,
    memberId: row.member_id,
    distance: row.distance,
    packId: row.pack_id,
    otherDistance: row.other_distance,
    galleryFaces: row.gallery_faces,
    galleryFacesAtFirst: row.gallery_faces_at_first,
  }));
}

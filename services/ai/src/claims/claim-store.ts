import type { Db } from '@kilas/platform/db/database.ts';
import { sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { isNear, likenessIn, normalisedDistanceOf } from '../distances/distance-sql.ts';
import { packCuts } from '../packs/pack-store.ts';

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

/** Who is found by the faces, and the creators of their photos, who are not searched in them, where they would be. */
export async function listClaimsOnFaces(tx: Transaction<AiSchema>, faceIds: readonly string[]): Promise<Claim[]> {
  if (faceIds.length === 0) return [];
  const distance = normalisedDistanceOf(sql.ref('f.embedding'), likenessIn('t'), 'n');
  const isCandidate = isNear(sql.ref('f.embedding'), likenessIn('t'), 'n', sql<number>`p.distance_max`);
  const { rows } = await sql<Claim>`
    select face_id as "faceId", member_id as "memberId", distance from face_matches
    where face_id = any(${[...faceIds]}::uuid[])
    union all
    select f.face_id, t.member_id, min(${distance}) from faces f
    join templates t on t.pack_id = f.pack_id and t.member_id = f.creator_id and t.source = 'selfie' and t.is_lead
    join ${packCuts} p on p.pack_id = f.pack_id left join typical_faces n on n.pack_id = f.pack_id
    where f.face_id = any(${[...faceIds]}::uuid[]) and ${isCandidate} group by f.face_id, t.member_id`.execute(tx);
  return rows;
}

/** The claims as facecams that were proven live make them, by themselves and not by a likeness; none where there is no such facecam. */
export async function listProvenClaims(
  tx: Transaction<AiSchema>,
  claims: readonly Pick<Claim, 'faceId' | 'memberId'>[],
): Promise<Claim[]> {
  if (claims.length === 0) return [];
  const distance = normalisedDistanceOf(sql.ref('f.embedding'), sql.ref('t.embedding'), 'n');
  const { rows } = await sql<Claim>`
    select c."faceId", c."memberId", min(${distance}) as distance
    from jsonb_to_recordset(${JSON.stringify(claims)}::jsonb) as c ("faceId" uuid, "memberId" uuid)
    join faces f on f.face_id = c."faceId"
    join templates t on t.pack_id = f.pack_id and t.member_id = c."memberId" and t.source = 'selfie' and t.proven_live
    left join typical_faces n on n.pack_id = f.pack_id
    group by c."faceId", c."memberId"`.execute(tx);
  return rows;
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

/**
 * Of faces that are still there. A gallery leaves out what the member took themself, as the default cut does. Each gallery is read and sorted
 * once, however many of its faces are claimed and by however many members.
 */
export async function listClaimedFaces(tx: Transaction<AiSchema>, claims: readonly Claim[]): Promise<ClaimedFace[]> {
  if (claims.length === 0) return [];
  const { rows } = await sql<{
    face_id: string;
    member_id: string;
    distance: number;
    pack_id: string;
    gallery_faces: number;
    gallery_faces_at_first: number;
  }>`
    with claims as (
      select c.*, row_number() over () as claim
      from jsonb_to_recordset(${JSON.stringify(claims)}::jsonb) as c ("faceId" uuid, "memberId" uuid, distance double precision)
    ), claimed as (
      select c.claim, f.face_id, f.photo_id, c."memberId" as member_id, c.distance, f.pack_id, g.*,
        dense_rank() over (order by f.pack_id, g.event_id, g.creator_id) as gallery,
        greatest(f.created_at, (
          select min(t.created_at) from templates t where t.member_id = c."memberId" and t.pack_id = f.pack_id)) as findable_at
      from claims c join faces f on f.face_id = c."faceId"
      cross join lateral (select f.event_id, case when f.event_id is null then f.creator_id end as creator_id) g
    ), galleries as (
      select distinct gallery, pack_id, event_id, creator_id from claimed
    ), searched as (
      select g.gallery, r.creator_id, r.recognised_at, r.face_count from galleries g
      join photo_recognitions r on r.event_id = g.event_id and r.pack_id = g.pack_id
      union all
      select g.gallery, r.creator_id, r.recognised_at, r.face_count from galleries g
      join photo_recognitions r on r.event_id is null and g.event_id is null and r.creator_id = g.creator_id and r.pack_id = g.pack_id
    ), summed as (
      select claim,
        sum(face_count) over (partition by gallery) - sum(face_count) over (partition by gallery, taker) as all_faces,
        sum(face_count) over (partition by gallery order by at range unbounded preceding)
          - sum(face_count) over (partition by gallery, taker order by at range unbounded preceding) as faces_at_first
      from (
        select gallery, creator_id as taker, recognised_at as at, face_count, null as claim from searched
        union all select gallery, member_id, findable_at, 0, claim from claimed
      ) as moments
    )
    select c.face_id, c.member_id, c.distance, c.pack_id,
      s.all_faces::int as gallery_faces,
      (s.faces_at_first + coalesce(r.face_count, 0))::int as gallery_faces_at_first
    from claimed c
    join summed s on s.claim = c.claim
    left join photo_recognitions r on r.photo_id = c.photo_id and r.pack_id = c.pack_id
      and r.recognised_at > c.findable_at and r.creator_id <> c.member_id
    order by c.face_id`.execute(tx);
  return rows.map((row) => ({
    faceId: row.face_id,
    memberId: row.member_id,
    distance: row.distance,
    packId: row.pack_id,
    galleryFaces: row.gallery_faces,
    galleryFacesAtFirst: row.gallery_faces_at_first,
  }));
}

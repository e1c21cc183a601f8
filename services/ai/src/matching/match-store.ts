import type { Db } from '@kilas/platform/db/database.ts';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { isNear, likenessIn, normalisedDistanceOf } from '../distances/distance-sql.ts';
import { packCuts } from '../packs/pack-store.ts';
import { type CountsFirst, readCountsFirst } from './counting-first-sql.ts';
import type { FaceMatch } from './match.ts';

/** A member who is found in a photo, before it is known whether the match may be written. */
export interface Candidate {
  readonly photoId: string;
  readonly faceId: string;
  readonly memberId: string;
  readonly facecamId: string;
  readonly consentEpoch: number;
  readonly distance: number;
}

/** Of a face and a member, on rows of `faces` f, `templates` t and `typical_faces` n. */
const faceEmbedding = sql.ref('f.embedding');
const distance = normalisedDistanceOf(faceEmbedding, likenessIn('t'), 'n');
const faceFound = { packId: sql.ref('f.pack_id'), isSure: sql.ref('f.is_sure'), distance };
const isCandidate = isNear(faceEmbedding, likenessIn('t'), 'n', sql<number>`p.distance_max`);

/**
 * A confirmed face finds nothing in the photo that it is from: at distance 0 nobody could ever be nearer to that face. On rows of
 * `faces` f and `templates` t.
 */
const isElsewhere = sql`f.photo_id is distinct from t.photo_id`;

/**
 * Every enrolled member within the cut of a face of the photo, except the creator: for each pack by one face and the likeness of their facecams
 * under their newest consent. A face that counts first comes before the nearest one. The search is always exact: a member whom an index of
 * templates lost would be found in no new photo.
 */
export async function findCandidatesByPhoto(db: Db<AiSchema>, photoId: string): Promise<Candidate[]> {
  const countsFirst = await readCountsFirst(db);
  const { rows } = await sql<{
    face_id: string;
    member_id: string;
    facecam_id: string;
    consent_epoch: number;
    distance: number;
  }>`
    select distinct on (t.pack_id, t.member_id)
      f.face_id, t.member_id, t.facecam_id, t.consent_epoch, ${distance} as distance
    from faces f join templates t on t.pack_id = f.pack_id and t.member_id <> f.creator_id and ${isElsewhere}
    join ${packCuts} p on p.pack_id = f.pack_id left join typical_faces n on n.pack_id = f.pack_id
    where f.photo_id = ${photoId} and t.is_lead and ${isCandidate}
    order by t.pack_id, t.member_id, t.consent_epoch desc, ${countsFirst(faceFound)} desc, distance, f.face_id, t.facecam_id`.execute(
    db,
  );
  return rows.map((row) => ({
    photoId,
    faceId: row.face_id,
    memberId: row.member_id,
    facecamId: row.facecam_id,
    consentEpoch: row.consent_epoch,
    distance: row.distance,
  }));
}

/**
 * A face that counts first stays before one that does not, then the nearest; one under a newer consent takes its place in any case,
 * since it outlives the withdrawal of the older.
 */
function upsertFound(countsFirst: CountsFirst): RawBuilder<unknown> {
  const isFirst = (match: string) =>
    countsFirst({
      packId: sql.ref(`${match}.pack_id`),
      isSure: sql`(select is_sure from faces where faces.face_id = ${sql.ref(`${match}.face_id`)})`,
      distance: sql.ref(`${match}.distance`),
    });
  return sql`
    insert into face_matches (photo_id, member_id, pack_id, face_id, facecam_id, consent_epoch, distance)
    select photo_id, member_id, pack_id, face_id, facecam_id, consent_epoch, distance from found
    on conflict on constraint face_matches_pk do update
      set face_id = excluded.face_id, facecam_id = excluded.facecam_id, consent_epoch = excluded.consent_epoch,
        distance = excluded.distance
      where excluded.consent_epoch > face_matches.consent_epoch
        or (excluded.consent_epoch = face_matches.consent_epoch
          and (not ${isFirst('excluded')}, excluded.distance) < (not ${isFirst('face_matches')}, face_matches.distance))`;
}

/**
 * Writes matches whose face and facecam are still there. The caller has locked the members.
 */
export async function upsertMatches(tx: Transaction<AiSchema>, candidates: readonly Candidate[]): Promise<void> {
  if (candidates.length === 0) return;
  const list = JSON.stringify(candidates);
  await sql`
    with found as (
      select f.photo_id, t.member_id, t.pack_id, f.face_id, t.facecam_id, t.consent_epoch, c.distance
      from jsonb_to_recordset(${list}::jsonb) as c ("faceId" uuid, "facecamId" uuid, distance double precision)
      join faces f on f.face_id = c."faceId"
      join templates t on t.facecam_id = c."facecamId" and t.pack_id = f.pack_id
      order by f.face_id for key share of f
    )
    ${upsertFound(await readCountsFirst(tx))}`.execute(tx);
}

/** What indexes propose for a facecam, for the packs that have one: nothing else of these packs is looked at. */
export type ProposedFaces = ReadonlyMap<string, readonly string[]>;

/**
 * Searches all photos except the member's own for every face within the cut of the likeness that a facecam leads. Writes one match for each photo
 * and pack: a face that counts first, otherwise the nearest. The search is exact; for packs with proposals it compares only these, by their exact
 * distance. The caller has locked the member.
 */
export async function upsertMatchesOfFacecam(
  tx: Transaction<AiSchema>,
  facecamId: string,
  proposed: ProposedFaces = new Map(),
): Promise<void> {
  const countsFirst = await readCountsFirst(tx);
  const order = countsFirst({ packId: sql.ref('pack_id'), isSure: sql.ref('is_sure'), distance: sql.ref('distance') });
  for (const pairs of pairsOfFacecam(proposed)) {
    await sql`
      with near as (${nearFaces(facecamId, pairs)} order by f.face_id for key share of f),
      found as (select distinct on (photo_id, pack_id) * from near order by photo_id, pack_id, ${order} desc, distance, face_id)
      ${upsertFound(countsFirst)}`.execute(tx);
  }
}

/** As upsertMatchesOfFacecam, but writes nothing: every face within the cut, also several of one photo. */
export async function listNearFaces(
  db: Db<AiSchema>,
  facecamId: string,
  proposed: ProposedFaces = new Map(),
): Promise<{ faceId: string; distance: number }[]> {
  const found = [];
  for (const pairs of pairsOfFacecam(proposed)) {
    const { rows } = await sql<{ face_id: string; distance: number }>`${nearFaces(facecamId, pairs)}`.execute(db);
    found.push(...rows.map((row) => ({ faceId: row.face_id, distance: row.distance })));
  }
  return found;
}

function pairsOfFacecam(proposed: ProposedFaces): RawBuilder<unknown>[] {
  const all = sql`f.pack_id = t.pack_id and t.pack_id <> all(${[...proposed.keys()]}::text[])`;
  return [
    all,
    ...[...proposed].map(
      ([packId, faceIds]) =>
        sql`f.pack_id = t.pack_id and t.pack_id = ${packId} and f.face_id = any(${[...faceIds]}::uuid[])`,
    ),
  ];
}

function nearFaces(facecamId: string, pairs: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select f.photo_id, t.member_id, t.pack_id, f.face_id, f.is_sure, t.facecam_id, t.consent_epoch, ${distance} as distance
    from templates t join faces f on ${pairs} join ${packCuts} p on p.pack_id = t.pack_id
    left join typical_faces n on n.pack_id = t.pack_id
    where t.facecam_id = ${facecamId} and t.is_lead and f.creator_id <> t.member_id and ${isElsewhere}
      and ${isCandidate}`;
}

/** In order of member. `after` is the last member of the page before. */
export async function listMatchesByPhoto(
  db: Db<AiSchema>,
  photoId: string,
  page: { after: string | undefined; limit: number },
): Promise<FaceMatch[]> {
  let query = matches(db).where('m.photo_id', '=', photoId).orderBy('m.member_id').limit(page.limit);
  if (page.after !== undefined) query = query.where('m.member_id', '>', page.after);
  return (await query.execute()).map(toMatch);
}

/** In order of photo; only those of one facecam when it is given. `after` is the last photo of the page before. */
export async function listMatchesByMember(
  db: Db<AiSchema>,
  memberId: string,
  page: { facecamId?: string; after: string | undefined; limit: number },
): Promise<FaceMatch[]> {
  let query = matches(db).where('m.member_id', '=', memberId).orderBy('m.photo_id').limit(page.limit);
  if (page.facecamId !== undefined) query = query.where('m.facecam_id', '=', page.facecamId);
  if (page.after !== undefined) query = query.where('m.photo_id', '>', page.after);
  return (await query.execute()).map(toMatch);
}

/** Where a match stands in the order of photo and member. */
export type MatchPosition = Pick<FaceMatch, 'photoId' | 'memberId'>;

/** Of other members, by the faces that a facecam found; in order of photo and member. `after` is the last one of the page before. */
export async function listMatchesOfRivals(
  db: Db<AiSchema>,
  facecam: { memberId: string; facecamId: string },
  page: { after: MatchPosition | undefined; limit: number },
): Promise<FaceMatch[]> {
  const { after, limit } = page;
  let query = matches(db)
    .where('m.member_id', '<>', facecam.memberId)
    .where('m.face_id', 'in', (own) =>
      own.selectFrom('face_matches as o').select('o.face_id').where('o.facecam_id', '=', facecam.facecamId),
    )
    .orderBy('m.photo_id')
    .orderBy('m.member_id')
    .limit(limit);
  if (after !== undefined) {
    const { photoId, memberId } = after;
    query = query.where(sql<boolean>`(m.photo_id, m.member_id) > (${photoId}::uuid, ${memberId}::uuid)`);
  }
  return (await query.execute()).map(toMatch);
}

/**
 * What each pack says of a member in a photo counts once: the newest consent first, since it outlives the withdrawal of the
 * older, then the pack that is believed first. Distances of two packs are never compared.
 */
function matches(db: Db<AiSchema>) {
  return db
    .selectFrom('face_matches as m')
    .innerJoin('faces as f', 'f.face_id', 'm.face_id')
    .select(['m.photo_id', 'm.member_id', 'm.pack_id', 'm.facecam_id', 'm.consent_epoch', 'm.distance'])
    .select(['f.box_left', 'f.box_top', 'f.box_width', 'f.box_height'])
    .select(['f.eye_distance_px', 'f.sharpness', 'f.exposure', 'f.quality', 'f.is_sure'])
    .select(
      sql<number | null>`(
        select min(r.distance) from face_matches r where r.face_id = m.face_id and r.member_id <> m.member_id
      )`.as('rival_distance'),
    )
    .select(
      sql<number>`(
        select count(*)::int from templates t where t.member_id = m.member_id and t.pack_id = m.pack_id
      )`.as('facecam_count'),
    )
    .where(sql<boolean>`not exists (
      select from face_matches o
      join packs op on op.pack_id = o.pack_id
      join packs mp on mp.pack_id = m.pack_id
      where o.photo_id = m.photo_id and o.member_id = m.member_id and o.pack_id <> m.pack_id
        and (o.consent_epoch, op.rank, op.added_at, o.pack_id) > (m.consent_epoch, mp.rank, mp.added_at, m.pack_id)
    )`);
}

type MatchRow = Awaited<ReturnType<ReturnType<typeof matches>['execute']>>[number];

function toMatch(row: MatchRow): FaceMatch {
  return {
    photoId: row.photo_id,
    memberId: row.member_id,
    facecamId: row.facecam_id,
    packId: row.pack_id,
    consentEpoch: row.consent_epoch,
    distance: row.distance,
    box: { left: row.box_left, top: row.box_top, width: row.box_width, height: row.box_height },
    quality: {
      eyeDistancePx: row.eye_distance_px,
      sharpness: row.sharpness,
      exposure: row.exposure,
      ...(row.quality === null ? {} : { overall: row.quality }),
    },
    facecamCount: row.facecam_count,
    isSureFace: row.is_sure,
    rivalDistance: row.rival_distance,
  };
}

import type { AiSchema } from '@kilas/ai/db/schema.ts';
import { normalisedDistanceOf } from '@kilas/ai/distances/distance-sql.ts';
import type { Db } from '@kilas/platform/db/database.ts';
import { sql } from 'kysely';
import type { PhotoPair } from './set-aside.ts';

/** A crowd is not looked at whole: its pairs would outweigh all other photos. */
export const FACES_PER_PHOTO_MAX = 12;

const distance = normalisedDistanceOf(sql.ref('a.embedding'), sql.ref('b.embedding'), 'n');

/**
 * The pairs of sure faces within a sample of photos, the same sample each time, with the distances by which the service matches; no
 * vector leaves the database. Pairs of one photo are one group.
 */
export async function listPairsWithinPhotos(db: Db<AiSchema>, packId: string, photosMax: number): Promise<PhotoPair[]> {
  const { rows } = await sql<{
    photo_id: string;
    distance: number;
    a_left: number;
    a_top: number;
    a_width: number;
    a_height: number;
    b_left: number;
    b_top: number;
    b_width: number;
    b_height: number;
  }>`
    with sampled as (
      select photo_id from photo_recognitions where pack_id = ${packId} and face_count >= 2
      order by md5(photo_id::text) limit ${photosMax}
    ), chosen as (
      select f.*, row_number() over (partition by f.photo_id order by md5(f.face_id::text)) as place
      from faces f join sampled using (photo_id) where f.pack_id = ${packId} and f.is_sure
    )
    select a.photo_id, ${distance} as distance,
      a.box_left as a_left, a.box_top as a_top, a.box_width as a_width, a.box_height as a_height,
      b.box_left as b_left, b.box_top as b_top, b.box_width as b_width, b.box_height as b_height
    from chosen a join chosen b on a.photo_id = b.photo_id and a.place < b.place
    left join typical_faces n on n.pack_id = ${packId}
    where b.place <= ${FACES_PER_PHOTO_MAX}
    order by a.photo_id, a.place, b.place`.execute(db);
  return rows.map((row) => ({
    distance: row.distance,
    group: row.photo_id,
    photo: `photo ${row.photo_id}`,
    places: [
      { left: row.a_left, top: row.a_top, width: row.a_width, height: row.a_height },
      { left: row.b_left, top: row.b_top, width: row.b_width, height: row.b_height },
    ],
  }));
}

/** The pack of most recognised photos. */
export async function findUsualPack(db: Db<AiSchema>): Promise<string | undefined> {
  const { rows } = await sql<{ pack_id: string }>`
    select pack_id from photo_recognitions group by pack_id order by count(*) desc, pack_id limit 1`.execute(db);
  return rows[0]?.pack_id;
}

import type { Db } from '@kilas/platform/db/database.ts';
import { sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { readVector, vectorOf } from '../db/vector.ts';
import { type Turn, turnColumn } from '../turning/turn-column-store.ts';
import type { FaceImprints } from './face.ts';

export async function insertImprints(
  tx: Transaction<AiSchema>,
  faces: readonly { readonly faceId: string; readonly imprints?: FaceImprints }[],
): Promise<void> {
  const rows = faces.flatMap(({ faceId, imprints }) =>
    imprints === undefined
      ? []
      : [
          {
            face_id: faceId,
            imprint: vectorOf(imprints.photo),
            marked_imprint: imprints.preview === undefined ? null : vectorOf(imprints.preview),
          },
        ],
  );
  if (rows.length > 0) await tx.insertInto('face_imprints').values(rows).execute();
}

/** A stored face near to another: its L2 distance and its imprints, turned; none where it has none. */
export interface NearFace {
  readonly distance: number;
  readonly imprints: readonly Float32Array[];
}

/** The nearest faces of a pack, of all or of those given; embeddings are turned, distances L2. */
export async function listNearestFaces(
  db: Db<AiSchema>,
  { packId, embedding }: { packId: string; embedding: Float32Array },
  { among, distanceMax, limit }: { among: readonly string[] | undefined; distanceMax: number; limit: number },
): Promise<NearFace[]> {
  const given = among === undefined ? sql`` : sql`and face_id = any(${[...among]}::uuid[])`;
  const { rows } = await sql<{ distance: number; imprint: string | null; marked: string | null }>`
    select near.distance, i.imprint::text, i.marked_imprint::text as marked from (
      select face_id, distance from (
        select face_id, case when pack_id = ${packId} then embedding <-> ${vectorOf(embedding)}::vector end as distance
        from faces where pack_id = ${packId} ${given}
      ) f where distance <= ${distanceMax} order by distance, face_id limit ${limit}
    ) near left join face_imprints i on i.face_id = near.face_id order by near.distance, near.face_id`.execute(db);
  return rows.map(({ distance, imprint, marked }) => ({
    distance,
    imprints: [imprint, marked].filter((text) => text !== null).map(readVector),
  }));
}

/** Turns all of them; answers how many. */
export async function turnImprints(tx: Transaction<AiSchema>, turn: Turn): Promise<number> {
  const imprints = { table: 'face_imprints', id: 'face_id', where: sql<boolean>`true` };
  return (
    (await turnColumn(tx, { ...imprints, column: 'imprint' }, turn)) +
    (await turnColumn(tx, { ...imprints, column: 'marked_imprint' }, turn))
  );
}

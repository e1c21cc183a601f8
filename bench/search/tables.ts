import type { AiSchema } from '@kilas/ai/db/schema.ts';
import type { TypicalFace } from '@kilas/ai/distances/normalised-distance.ts';
import { upsertPack } from '@kilas/ai/packs/pack-store.ts';
import { insertTypicalFace } from '@kilas/ai/typical-faces/typical-face-store.ts';
import { mobilefacenetCalibration } from '@kilas/face-engine/distances/calibration.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { type Kysely, sql } from 'kysely';
import { dimension, type Vectors, vectorAt } from './people.ts';

export const packId = 'bench';
const batchSize = 500;

/** Stores faces `from` to `until`, ten a photo; answers their ids in order. */
export async function insertFaces(
  db: Kysely<AiSchema>,
  faces: Vectors,
  { from, until }: { from: number; until: number },
  onProgress: (count: number) => void,
): Promise<string[]> {
  const all: string[] = [];
  const creatorId = newId();
  for (let start = from; start < until; start += batchSize) {
    const count = Math.min(batchSize, until - start);
    const ids = Array.from({ length: count }, newId);
    const photoIds = Array.from({ length: Math.ceil(count / 10) }, newId);
    const photoOfFace = ids.map((_, i) => photoIds[Math.floor(i / 10)] ?? '');
    const vectors = ids.map((_, i) => textOf(faces, start + i));
    await sql`
      insert into photo_recognitions (photo_id, creator_id, pack_id, face_count, processed_key, recognised_at)
      select photo_id, ${creatorId}, ${packId}, 10, 'none', now() from unnest(${photoIds}::uuid[]) as photo_id`.execute(
      db,
    );
    await sql`
      insert into faces (face_id, photo_id, creator_id, pack_id, embedding, box_left, box_top, box_width, box_height,
        score, eye_distance_px, sharpness, exposure, created_at)
      select face_id, photo_id, ${creatorId}, ${packId}, embedding::vector, 0, 0, 0.1, 0.1, 1, 50, 1, 0.5, now()
      from unnest(${ids}::uuid[], ${photoOfFace}::uuid[], ${vectors}::text[]) as given (face_id, photo_id, embedding)`.execute(
      db,
    );
    all.push(...ids);
    onProgress(start + count);
  }
  return all;
}

/** Notes the pack and its typical face, and stores each query as the facecam of a member; answers the facecams' ids in order. */
export async function insertFacecams(db: Kysely<AiSchema>, queries: Vectors, typical: TypicalFace): Promise<string[]> {
  const ids = Array.from({ length: queries.count }, newId);
  await db.transaction().execute((tx) => upsertPack(tx, { packId, dimension, calibration: mobilefacenetCalibration }));
  await insertTypicalFace(db, packId, typical, new Date());
  for (let start = 0; start < ids.length; start += batchSize) {
    const some = ids.slice(start, start + batchSize);
    const vectors = some.map((_, i) => textOf(queries, start + i));
    await sql`insert into erased_members (member_id) select unnest(${some}::uuid[])`.execute(db);
    await sql`
      insert into templates (facecam_id, member_id, consent_epoch, pack_id, embedding, created_at)
      select id, id, 1, ${packId}, embedding::vector, now()
      from unnest(${some}::uuid[], ${vectors}::text[]) as given (id, embedding)`.execute(db);
  }
  return ids;
}

function textOf(vectors: Vectors, index: number): string {
  return `[${vectorAt(vectors, index).join(',')}]`;
}

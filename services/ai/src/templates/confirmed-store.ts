import type { Db } from '@kilas/platform/db/database.ts';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { likenessIn, normalisedDistanceOf } from '../distances/distance-sql.ts';
import { sameVectorDistanceMax } from '../erasures/probe-store.ts';
import type { FaceBox } from '../faces/face-box.ts';

/** A member who says that they are in a photo. */
export interface Confirmation {
  readonly memberId: string;
  readonly photoId: string;
  readonly packId: string;
  readonly consentEpoch: number;
}

/** The face by which a member is found in a photo, and how near it is to selfies alone. */
export interface ConfirmedFace {
  readonly faceId: string;
  readonly box: FaceBox;
  readonly isSure: boolean;
  /** Normalised distance to the likeness of the member's selfies under this consent, and how many there are; null without one. */
  readonly selfieDistance: number | null;
  readonly selfieCount: number;
  /** Normalised distance to the nearest likeness of anybody else, the photo's creator included; null without one. */
  readonly otherDistance: number | null;
}

/** Undefined where the member is not, or no longer, found in the photo. The face is not erased meanwhile. */
export async function lockConfirmedFace(
  tx: Transaction<AiSchema>,
  { memberId, photoId, packId, consentEpoch }: Confirmation,
): Promise<ConfirmedFace | undefined> {
  const distance = normalisedDistanceOf(sql.ref('f.embedding'), likenessIn('t'), 'n');
  const isOwnSelfie = sql`t.member_id = ${memberId} and t.source = 'selfie' and t.consent_epoch = ${consentEpoch}`;
  const { rows } = await sql<{
    face_id: string;
    box: FaceBox;
    is_sure: boolean;
    selfie_distance: number | null;
    selfie_count: number;
    other_distance: number | null;
  }>`
    select f.face_id, f.is_sure, jsonb_build_object(
        'left', f.box_left, 'top', f.box_top, 'width', f.box_width, 'height', f.box_height) as box,
      (select min(${distance}) from templates t where t.pack_id = f.pack_id and ${isOwnSelfie} and t.is_lead) as selfie_distance,
      (select count(*)::int from templates t where t.pack_id = f.pack_id and ${isOwnSelfie}) as selfie_count,
      (select min(${distance}) from templates t where t.pack_id = f.pack_id and t.member_id <> ${memberId} and t.is_lead) as other_distance
    from faces f left join typical_faces n on n.pack_id = f.pack_id
    where f.face_id = (
      select m.face_id from face_matches m
      where m.photo_id = ${photoId} and m.member_id = ${memberId} and m.pack_id = ${packId}
        and m.consent_epoch = ${consentEpoch})
    for key share of f`.execute(tx);
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    faceId: row.face_id,
    box: row.box,
    isSure: row.is_sure,
    selfieDistance: row.selfie_distance,
    selfieCount: row.selfie_count,
    otherDistance: row.other_distance,
  };
}

/** Copies the face, which is locked, into a template that outlives it. The caller has locked the member. */
export async function insertConfirmedTemplate(
  tx: Transaction<AiSchema>,
  template: Confirmation & { readonly facecamId: string; readonly faceId: string },
  createdAt: Date,
): Promise<void> {
  await sql`
    insert into templates (facecam_id, member_id, consent_epoch, pack_id, embedding, source, photo_id, created_at)
    select ${template.facecamId}, ${template.memberId}, ${template.consentEpoch}, pack_id, embedding, 'confirmed', photo_id, ${createdAt}
    from faces where face_id = ${template.faceId} and pack_id = ${template.packId}`.execute(tx);
}

/** A template that was made of a photo's face. */
export interface ConfirmedTemplate {
  readonly facecamId: string;
  readonly photoId: string;
  readonly consentEpoch: number;
}

/** Of one member under one pack, as few as they may have; the oldest first. */
export async function listConfirmedTemplates(
  db: Db<AiSchema>,
  { memberId, packId }: { memberId: string; packId: string },
): Promise<ConfirmedTemplate[]> {
  const { rows } = await sql<ConfirmedTemplate>`
    select facecam_id as "facecamId", photo_id as "photoId", consent_epoch as "consentEpoch" from templates
    where member_id = ${memberId} and pack_id = ${packId} and source = 'confirmed'
    order by created_at, facecam_id limit 100`.execute(db);
  return rows;
}

/** The faces that a member's confirmed templates up to a consent epoch were copied from, as far as they are still there. */
export async function listConfirmedFaces(
  tx: Transaction<AiSchema>,
  memberId: string,
  epoch: number,
): Promise<string[]> {
  const { rows } = await sql<{ face_id: string }>`
    select f.face_id from templates t join faces f on f.photo_id = t.photo_id and f.pack_id = t.pack_id
    where t.member_id = ${memberId} and t.consent_epoch <= ${epoch} and t.source = 'confirmed'
      and f.embedding <-> t.embedding <= ${sameVectorDistanceMax}
    order by f.face_id`.execute(tx);
  return rows.map((row) => row.face_id);
}

/** Whose templates were made of faces of these photos, under any pack. */
export async function listConfirmersOf(
  db: Db<AiSchema>,
  photoIds: readonly string[],
): Promise<{ memberId: string; photoId: string }[]> {
  const { rows } = await sql<{ memberId: string; photoId: string }>`
    select distinct member_id as "memberId", photo_id as "photoId" from templates
    where source = 'confirmed' and photo_id = any(${[...photoIds]}::uuid[]) order by member_id, photo_id`.execute(db);
  return rows;
}

/** A confirmed face of one member that lies near to a selfie of another. */
export interface Doubt {
  readonly facecamId: string;
  readonly memberId: string;
  readonly packId: string;
  readonly distance: number;
}

/** Between the member and anybody else, in either direction; as near as they are. */
export async function listDoubts(db: Db<AiSchema>, memberId: string): Promise<Doubt[]> {
  const near = (isOf: RawBuilder<unknown>) => sql`
    select c.facecam_id, c.member_id, c.pack_id,
      ${normalisedDistanceOf(sql.ref('c.embedding'), likenessIn('s'), 'n')} as distance
    from templates c join templates s on s.pack_id = c.pack_id and s.member_id <> c.member_id
    left join typical_faces n on n.pack_id = c.pack_id
    where c.source = 'confirmed' and s.source = 'selfie' and s.is_lead and ${isOf}`;
  const { rows } = await sql<Doubt>`
    select facecam_id as "facecamId", member_id as "memberId", pack_id as "packId", min(distance) as distance
    from (${near(sql`c.member_id = ${memberId}`)} union all ${near(sql`s.member_id = ${memberId}`)}) as near
    group by facecam_id, member_id, pack_id order by distance, facecam_id limit 100`.execute(db);
  return rows;
}

/** Under all packs, with the matches that rest on them; notes that photo has yet to hear of it. The caller has locked the member. */
export async function deleteConfirmedTemplates(
  tx: Transaction<AiSchema>,
  memberId: string,
  which: { readonly photoId: string } | { readonly facecamIds: readonly string[] } | 'without selfie',
): Promise<void> {
  await sql`
    with ended as (
      delete from templates c where c.member_id = ${memberId} and c.source = 'confirmed' and ${conditionOf(which)}
      returning c.facecam_id, c.member_id
    )
    insert into untold_endings (facecam_id, member_id) select facecam_id, member_id from ended
    on conflict (facecam_id) do nothing`.execute(tx);
}

function conditionOf(which: Parameters<typeof deleteConfirmedTemplates>[2]): RawBuilder<unknown> {
  if (which === 'without selfie') {
    return sql`not exists (
      select from templates s where s.member_id = c.member_id and s.pack_id = c.pack_id and s.source = 'selfie')`;
  }
  if ('photoId' in which) return sql`c.photo_id = ${which.photoId}`;
  return sql`c.facecam_id = any(${[...which.facecamIds]}::uuid[])`;
}

export async function listUntoldEndings(
  db: Db<AiSchema>,
  limit: number,
): Promise<{ facecamId: string; memberId: string }[]> {
  const query = db.selectFrom('untold_endings').selectAll().orderBy('member_id').orderBy('facecam_id').limit(limit);
  return (await query.execute()).map((row) => ({ facecamId: row.facecam_id, memberId: row.member_id }));
}

export async function deleteUntoldEnding(db: Db<AiSchema>, facecamId: string): Promise<void> {
  await db.deleteFrom('untold_endings').where('facecam_id', '=', facecamId).execute();
}

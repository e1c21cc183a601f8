import type { Liveness } from '@kilas/face-engine/liveness/liveness-nets.ts';
import type { Db } from '@kilas/platform/db/database.ts';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { vectorOf } from '../db/vector.ts';
import { normalisedDistanceOf } from '../distances/distance-sql.ts';
import type { ErasedVector } from '../erasures/erased-vector.ts';
import { insertPack } from '../packs/pack-store.ts';
import { type Turn, turnColumn } from '../turning/turn-column-store.ts';

export interface Template {
  readonly facecamId: string;
  readonly memberId: string;
  readonly consentEpoch: number;
  readonly packId: string;
}

/** What a selfie was when its template was made: `quality` and the two liveness scores, each 0..1. */
export type SelfieCheck = Liveness & { readonly quality: number };

/** `check` is absent for a template that no selfie was looked at for. */
export interface NewTemplate extends Template {
  readonly embedding: Float32Array;
  readonly check?: SelfieCheck;
  /** Whether the selfie was proven to be taken of a person before the camera; false where it is absent. */
  readonly provenLive?: boolean;
}

/** One for each pack that the facecam is enrolled under. */
export async function listTemplatesByFacecam(db: Db<AiSchema>, facecamId: string): Promise<Template[]> {
  const query = templates(db).where('facecam_id', '=', facecamId).orderBy('pack_id').limit(100);
  return (await query.execute()).map(toTemplate);
}

/** At most as many as a member may have, some eleven for each pack; the oldest first. */
export async function listTemplatesByMember(db: Db<AiSchema>, memberId: string): Promise<Template[]> {
  const query = templates(db).where('member_id', '=', memberId).orderBy('created_at').orderBy('facecam_id').limit(100);
  return (await query.execute()).map(toTemplate);
}

/** Normalised distance to the farthest of a member's selfies of this pack; 0 when there are none. */
export async function findFarthestDistance(
  db: Db<AiSchema>,
  template: { memberId: string; packId: string; embedding: Float32Array },
): Promise<number> {
  const given = sql`${vectorOf(template.embedding)}::vector`;
  const distance = normalisedDistanceOf(sql.ref('t.embedding'), given, 'n');
  const row = await db
    .selectFrom('templates as t')
    .leftJoin('typical_faces as n', 'n.pack_id', 't.pack_id')
    .select(sql<number | null>`max(${distance})`.as('distance'))
    .where('t.member_id', '=', template.memberId)
    .where('t.pack_id', '=', template.packId)
    .where('t.source', '=', 'selfie')
    .executeTakeFirst();
  return row?.distance ?? 0;
}

export async function insertTemplate(tx: Transaction<AiSchema>, template: NewTemplate, createdAt: Date): Promise<void> {
  await insertPack(tx, template.packId, [template]);
  await tx
    .insertInto('templates')
    .values({
      facecam_id: template.facecamId,
      member_id: template.memberId,
      consent_epoch: template.consentEpoch,
      pack_id: template.packId,
      embedding: vectorOf(template.embedding),
      quality: template.check?.quality ?? null,
      real_score: template.check?.realScore ?? null,
      live_score: template.check?.liveScore ?? null,
      proven_live: template.provenLive ?? false,
      created_at: createdAt,
    })
    .execute();
}

/** What a facecam's selfie was found to be; undefined when its template is gone or knows nothing of it. */
export async function findSelfieCheck(db: Db<AiSchema>, facecamId: string): Promise<SelfieCheck | undefined> {
  const row = await db
    .selectFrom('templates')
    .select(['quality', 'real_score', 'live_score'])
    .where('facecam_id', '=', facecamId)
    .where('quality', 'is not', null)
    .orderBy('pack_id')
    .limit(1)
    .executeTakeFirst();
  const { quality, real_score: realScore, live_score: liveScore } = row ?? {};
  if (quality == null || realScore == null || liveScore == null) return undefined;
  return { quality, realScore, liveScore };
}

/** Under all packs, with all matches that rest on them. */
export async function deleteTemplates(tx: Transaction<AiSchema>, facecamId: string, memberId: string): Promise<void> {
  for (const table of ['templates', 'outdated_facecams'] as const)
    await tx.deleteFrom(table).where('facecam_id', '=', facecamId).where('member_id', '=', memberId).execute();
}

/** A template that was erased, and the likeness that it led with. */
export interface ErasedTemplate extends ErasedVector {
  readonly likeness: string | null;
  readonly source: 'selfie' | 'confirmed';
}

/** Deletes a member's templates up to a consent epoch, with all matches that rest on them; answers their vectors. */
export async function deleteTemplatesUpTo(
  tx: Transaction<AiSchema>,
  memberId: string,
  epoch: number,
): Promise<ErasedTemplate[]> {
  const { rows } = await sql<ErasedTemplate>`
    delete from templates where member_id = ${memberId} and consent_epoch <= ${epoch}
    returning pack_id as "packId", embedding::text as embedding, likeness::text as likeness, source`.execute(tx);
  // Last: whoever removes an old pack meanwhile holds its templates, and has noted these by now.
  await tx
    .deleteFrom('outdated_facecams')
    .where('member_id', '=', memberId)
    .where('consent_epoch', '<=', epoch)
    .execute();
  return rows;
}

/**
 * Templates of a pack that is gone, so many at most, and the matches that rest on them; answers how many went. Facecams that no other
 * pack knows are noted: what photo was told by them stays. Confirmed faces are under no other pack: photo has yet to hear that they ended.
 */
export async function deleteTemplatesOfPack(db: Kysely<AiSchema>, packId: string, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    with doomed as (
      select facecam_id from templates where pack_id = ${packId} order by facecam_id limit ${limit} for update
    ), ended as (
      insert into untold_endings (facecam_id, member_id)
      select facecam_id, member_id from templates
      where pack_id = ${packId} and source = 'confirmed' and facecam_id in (select facecam_id from doomed)
      on conflict (facecam_id) do nothing
    ), outdated as (
      insert into outdated_facecams (facecam_id, member_id, consent_epoch)
      select facecam_id, member_id, consent_epoch from templates t
      where t.pack_id = ${packId} and t.source = 'selfie' and t.facecam_id in (select facecam_id from doomed)
        and not exists (select from templates o where o.facecam_id = t.facecam_id and o.pack_id <> t.pack_id)
      on conflict (facecam_id) do nothing
    )
    delete from templates t using doomed where t.pack_id = ${packId} and t.facecam_id = doomed.facecam_id`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

/** Those of the facecams given that have no template, unless it went with its pack. */
export async function listMissingFacecams(db: Db<AiSchema>, facecamIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ facecam_id: string }>`
    select facecam_id from unnest(${[...facecamIds]}::uuid[]) as told (facecam_id)
    where not exists (select from templates t where t.facecam_id = told.facecam_id)
      and not exists (select from outdated_facecams o where o.facecam_id = told.facecam_id)
    order by facecam_id`.execute(db);
  return rows.map((row) => row.facecam_id);
}

/** Turns the embeddings and the likenesses of a pack; answers how many. */
export async function turnTemplates(tx: Transaction<AiSchema>, packId: string, turn: Turn): Promise<number> {
  const ofPack = { table: 'templates', id: 'facecam_id', where: sql<boolean>`pack_id = ${packId}` };
  return (
    (await turnColumn(tx, { ...ofPack, column: 'embedding' }, turn)) +
    (await turnColumn(tx, { ...ofPack, column: 'likeness' }, turn))
  );
}

export async function insertForgottenFacecam(
  tx: Transaction<AiSchema>,
  facecam: { facecamId: string; memberId: string },
  forgottenAt: Date,
): Promise<void> {
  await tx
    .insertInto('forgotten_facecams')
    .values({ facecam_id: facecam.facecamId, member_id: facecam.memberId, forgotten_at: forgottenAt })
    .onConflict((conflict) => conflict.column('facecam_id').doNothing())
    .execute();
}

export async function isForgotten(
  db: Db<AiSchema>,
  facecam: { facecamId: string; memberId: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('forgotten_facecams')
    .select('facecam_id')
    .where('facecam_id', '=', facecam.facecamId)
    .where('member_id', '=', facecam.memberId)
    .executeTakeFirst();
  return row !== undefined;
}

function templates(db: Db<AiSchema>) {
  return db.selectFrom('templates').select(['facecam_id', 'member_id', 'consent_epoch', 'pack_id']);
}

function toTemplate(
  row: Pick<AiSchema['templates'], 'facecam_id' | 'member_id' | 'consent_epoch' | 'pack_id'>,
): Template {
  return {
    facecamId: row.facecam_id,
    memberId: row.member_id,
    consentEpoch: row.consent_epoch,
    packId: row.pack_id,
  };
}

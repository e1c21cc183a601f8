import { type RawBuilder, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { type Database, idsOf, pagesOf, pairPagesOf, rowsOf, uuids } from './database.ts';
import { raiseTombstone } from './tombstones.ts';

const templateRow = z.object({ id: z.string(), memberId: z.string(), epoch: z.number() });
const faceMatchRow = z.object({ photoId: z.string(), memberId: z.string() });

const confirmedRow = z.object({ id: z.string(), memberId: z.string(), photoId: z.string() });

export type ConfirmedRow = z.output<typeof confirmedRow>;
export type TemplateRow = z.output<typeof templateRow>;
export type FaceMatchRow = z.output<typeof faceMatchRow>;

/** What the operator knows of ai's tables. */
export class AiTables {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  recognitions(before: Date): AsyncIterable<{ id: string }[]> {
    return pagesOf(
      this.db,
      z.object({ id: z.string() }),
      ({ id }) => id,
      (after, limit) => sql`select photo_id as id from photo_recognitions
        where photo_id > ${after}::uuid and recognised_at < ${before} group by photo_id order by photo_id limit ${limit}`,
    );
  }

  async listRecognised(photoIds: readonly string[]): Promise<ReadonlySet<string>> {
    return idsOf(this.db, sql`select photo_id as id from photo_recognitions where photo_id = any(${uuids(photoIds)})`);
  }

  /** With the faces, and the matches that rest on them. */
  async deleteRecognitions(photoIds: readonly string[]): Promise<void> {
    await sql`delete from photo_recognitions where photo_id = any(${uuids(photoIds)})`.execute(this.db);
    await sql`delete from photo_events where photo_id = any(${uuids(photoIds)})`.execute(this.db);
  }

  /** In which event ai takes its photos to be, where it knows them; null: in none. */
  async listEventsOfPhotos(photoIds: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    const row = z.object({ id: z.string(), eventId: z.string().nullable() });
    const query = sql`select distinct on (photo_id) photo_id as id, event_id as "eventId" from photo_recognitions
      where photo_id = any(${uuids(photoIds)}) order by photo_id, pack_id`;
    return new Map((await rowsOf(this.db, row, query)).map(({ id, eventId }) => [id, eventId]));
  }

  /** As photo would tell it. */
  async setEventOfPhoto(photoId: string, eventId: string | null): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      await sql`insert into photo_events (photo_id, event_id) values (${photoId}, ${eventId})
        on conflict (photo_id) do update set event_id = excluded.event_id`.execute(tx);
      await sql`update photo_recognitions set event_id = ${eventId} where photo_id = ${photoId}`.execute(tx);
      await sql`update faces set event_id = ${eventId} where photo_id = ${photoId}`.execute(tx);
    });
  }

  async listRetentions(eventIds: readonly string[]): Promise<ReadonlyMap<string, Date>> {
    const row = z.object({ id: z.string(), facesUntil: z.date() });
    const query = sql`select event_id as id, faces_until as "facesUntil" from event_retentions
      where event_id = any(${uuids(eventIds)})`;
    return new Map((await rowsOf(this.db, row, query)).map(({ id, facesUntil }) => [id, facesUntil]));
  }

  /** As photo would tell it. */
  async setRetention(eventId: string, facesUntil: Date): Promise<void> {
    await sql`insert into event_retentions (event_id, faces_until) values (${eventId}, ${facesUntil})
      on conflict (event_id) do update set faces_until = excluded.faces_until`.execute(this.db);
  }

  templates(before: Date): AsyncIterable<TemplateRow[]> {
    return this.#templatesOf(before, sql`true`);
  }

  /** Of selfies, which upload knows. */
  selfieTemplates(before: Date): AsyncIterable<TemplateRow[]> {
    return this.#templatesOf(before, sql`source = 'selfie'`);
  }

  /** Faces of photos that members confirmed. */
  confirmedTemplates(before: Date): AsyncIterable<ConfirmedRow[]> {
    return pagesOf(
      this.db,
      confirmedRow,
      ({ id }) => id,
      (
        after,
        limit,
      ) => sql`select distinct on (facecam_id) facecam_id as id, member_id as "memberId", photo_id as "photoId"
        from templates where facecam_id > ${after}::uuid and created_at < ${before} and source = 'confirmed'
        order by facecam_id limit ${limit}`,
    );
  }

  #templatesOf(before: Date, condition: RawBuilder<unknown>): AsyncIterable<TemplateRow[]> {
    return pagesOf(
      this.db,
      templateRow,
      ({ id }) => id,
      // A facecam has a template, and a photo a recognition, under each pack: they are one here.
      (after, limit) => sql`select distinct on (facecam_id)
          facecam_id as id, member_id as "memberId", consent_epoch as epoch from templates
        where facecam_id > ${after}::uuid and created_at < ${before} and ${condition} order by facecam_id limit ${limit}`,
    );
  }

  /** Those of the facecams given that are enrolled, or were until their pack went. */
  async listEnrolled(facecamIds: readonly string[]): Promise<ReadonlySet<string>> {
    const ids = uuids(facecamIds);
    return idsOf(
      this.db,
      sql`select facecam_id as id from templates where facecam_id = any(${ids})
        union select facecam_id as id from outdated_facecams where facecam_id = any(${ids})`,
    );
  }

  async listForgotten(facecamIds: readonly string[]): Promise<ReadonlySet<string>> {
    return idsOf(
      this.db,
      sql`select facecam_id as id from forgotten_facecams where facecam_id = any(${uuids(facecamIds)})`,
    );
  }

  /**
   * With the matches that rest on them; the faces in the photos are nobody's from then on. Confirmed faces end with the last selfie that
   * found them.
   */
  async deleteTemplates(facecamIds: readonly string[]): Promise<void> {
    await this.db.transaction().execute((tx) => deleteTemplatesWhere(tx, sql`facecam_id = any(${uuids(facecamIds)})`));
    await sql`delete from templates c where c.source = 'confirmed' and not exists (
      select from templates s where s.member_id = c.member_id and s.pack_id = c.pack_id and s.source = 'selfie')`.execute(
      this.db,
    );
  }

  /** The faces that were matched to them are cut off, as when a consent is withdrawn. */
  async eraseTemplates(facecamIds: readonly string[]): Promise<void> {
    await this.db.transaction().execute((tx) => eraseWhere(tx, sql`facecam_id = any(${uuids(facecamIds)})`));
  }

  faceMatches(): AsyncIterable<FaceMatchRow[]> {
    return pairPagesOf(
      this.db,
      faceMatchRow,
      ({ photoId, memberId }) => [photoId, memberId],
      (after, limit) => sql`select distinct photo_id as "photoId", member_id as "memberId" from face_matches
        where (photo_id, member_id) > ${after} order by photo_id, member_id limit ${limit}`,
    );
  }

  /** As the service does when a consent is withdrawn. */
  async eraseMember(memberId: string, epoch: number): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      await raiseTombstone(tx, memberId, epoch);
      await eraseWhere(tx, sql`member_id = ${memberId} and consent_epoch <= ${epoch}`);
      await erasePlaces(tx, memberId, epoch);
    });
  }
}

/** As long as ai lets faces wait that it cuts off from a member, to the next full hour. */
const cutOffDays = 7;

/**
 * All these tables have these columns; a match falls with its face or its template. The faces are cut off: ai erases them when their time comes
 * unless somebody else is found by them by then. Knowing no pack's calibration and no proof, this cuts off loose matches and proven ones as well.
 */
async function eraseWhere(tx: Transaction<object>, condition: ReturnType<typeof sql>): Promise<void> {
  await cutOff(
    tx,
    sql`select distinct f.photo_id, f.box_left, f.box_top, f.box_width, f.box_height
      from faces f where f.face_id in (select face_id from face_matches where ${condition})`,
  );
  await deleteTemplatesWhere(tx, condition);
  await sql`delete from outdated_facecams where ${condition}`.execute(tx);
}

/** Where packs that are gone found the member. */
async function erasePlaces(tx: Transaction<object>, memberId: string, epoch: number): Promise<void> {
  await cutOff(
    tx,
    sql`delete from face_places where member_id = ${memberId} and consent_epoch <= ${epoch}
      returning photo_id, box_left, box_top, box_width, box_height`,
  );
}

async function cutOff(tx: Transaction<object>, places: RawBuilder<unknown>): Promise<void> {
  await sql`
    with place as (${places})
    insert into cut_off_places (photo_id, box_left, box_top, box_width, box_height, erase_at)
    select photo_id, box_left, box_top, box_width, box_height,
      date_trunc('hour', now()) + make_interval(days => ${cutOffDays}, hours => 1) from place`.execute(tx);
}

/**
 * No likeness outlives a selfie that it was made of: those that are left lead by themselves, until the service makes one of them at the
 * member's next change.
 */
async function deleteTemplatesWhere(tx: Transaction<object>, condition: ReturnType<typeof sql>): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    delete from templates where ${condition} returning member_id as id`.execute(tx);
  await sql`
    update templates set is_lead = true, likeness = null
    where member_id = any(${uuids(rows.map(({ id }) => id))}) and source = 'selfie'`.execute(tx);
}

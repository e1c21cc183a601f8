import { sql } from 'kysely';
import { z } from 'zod';
import { type Database, idsOf, pagesOf, pairPagesOf, rowsOf, uuids } from './database.ts';
import { type PhotoRow, photoRow, type UploadCopy } from './photo-row.ts';
import { raiseTombstone } from './tombstones.ts';

const photoColumns = sql`photo_id as id, creator_id as "creatorId", event_id as "eventId", title, description,
  price_idr::text as "priceIdr", sale, latitude, longitude, sha256, size_bytes::text as "sizeBytes", format,
  original_key as "originalKey", status, preview_key as "previewKey", thumbnail_key as "thumbnailKey", recognition,
  processed_key as "processedKey", uploaded_at as "uploadedAt", creator_time_zone as "timeZone"`;

const matchRow = z.object({
  photoId: z.string(),
  memberId: z.string(),
  facecamId: z.string(),
  epoch: z.number(),
  answer: z.string(),
});

export type MatchRow = z.output<typeof matchRow>;

const boughtRow = z.object({ buyerId: z.string(), photoId: z.string() });

export type BoughtRow = z.output<typeof boughtRow>;

const eventRow = z.object({ id: z.string(), facesUntil: z.date() });

export type EventRow = z.output<typeof eventRow>;

/** What the operator knows of photo's tables. */
export class PhotoTables {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** Events, and until when faces of them are kept. */
  events(before: Date): AsyncIterable<EventRow[]> {
    return pagesOf(
      this.db,
      eventRow,
      ({ id }) => id,
      (after, limit) => sql`select event_id as id, ends_at + make_interval(hours => 24 * retention_days) as "facesUntil"
        from events where event_id > ${after}::uuid and created_at < ${before} order by event_id limit ${limit}`,
    );
  }

  photos(before: Date): AsyncIterable<PhotoRow[]> {
    return pagesOf(
      this.db,
      photoRow,
      ({ id }) => id,
      (after, limit) => sql`select ${photoColumns} from photos
        where photo_id > ${after}::uuid and uploaded_at < ${before} order by photo_id limit ${limit}`,
    );
  }

  async listPhotos(photoIds: readonly string[]): Promise<ReadonlyMap<string, PhotoRow>> {
    const query = sql`select ${photoColumns} from photos where photo_id = any(${uuids(photoIds)})`;
    return new Map((await rowsOf(this.db, photoRow, query)).map((row) => [row.id, row]));
  }

  async listKnown(photoIds: readonly string[]): Promise<ReadonlySet<string>> {
    return idsOf(this.db, sql`select photo_id as id from photos where photo_id = any(${uuids(photoIds)})`);
  }

  /** Of these keys of objects, those that a photo names. */
  async listNamedKeys(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const list = [...keys];
    return idsOf(
      this.db,
      sql`select key as id from photos, unnest(array[original_key, preview_key, thumbnail_key, processed_key]) as key
        where key = any(${list}::text[])`,
    );
  }

  matches(before: Date): AsyncIterable<MatchRow[]> {
    return pairPagesOf(
      this.db,
      matchRow,
      ({ photoId, memberId }) => [photoId, memberId],
      (after, limit) => sql`select photo_id as "photoId", member_id as "memberId", facecam_id as "facecamId",
          consent_epoch as epoch, answer from matches
        where (photo_id, member_id) > ${after} and found_at < ${before} order by photo_id, member_id limit ${limit}`,
    );
  }

  /** Of pairs "photo member", those that are matched here, or may not be: the photo is the member's own. */
  async listSettledPairs(pairs: readonly { photoId: string; memberId: string }[]): Promise<ReadonlySet<string>> {
    const [photoIds, memberIds] = [pairs.map(({ photoId }) => photoId), pairs.map(({ memberId }) => memberId)];
    return idsOf(
      this.db,
      sql`select p.photo_id || ' ' || p.member_id as id
        from unnest(${uuids(photoIds)}, ${uuids(memberIds)}) as p (photo_id, member_id)
        where exists (select from matches m where m.photo_id = p.photo_id and m.member_id = p.member_id)
          or exists (select from photos o where o.photo_id = p.photo_id and o.creator_id = p.member_id)`,
    );
  }

  /** Of pairs "photo member", those that the member confirmed. */
  async listConfirmedPairs(pairs: readonly { photoId: string; memberId: string }[]): Promise<ReadonlySet<string>> {
    const [photoIds, memberIds] = [pairs.map(({ photoId }) => photoId), pairs.map(({ memberId }) => memberId)];
    return idsOf(
      this.db,
      sql`select m.photo_id || ' ' || m.member_id as id
        from unnest(${uuids(photoIds)}, ${uuids(memberIds)}) as p (photo_id, member_id)
        join matches m on m.photo_id = p.photo_id and m.member_id = p.member_id
        where m.answer = 'confirmed'`,
    );
  }

  async deleteMatches(matches: readonly { photoId: string; memberId: string }[]): Promise<void> {
    const [photoIds, memberIds] = [matches.map(({ photoId }) => photoId), matches.map(({ memberId }) => memberId)];
    await sql`delete from matches m using unnest(${uuids(photoIds)}, ${uuids(memberIds)}) as gone (photo_id, member_id)
      where m.photo_id = gone.photo_id and m.member_id = gone.member_id`.execute(this.db);
    await deleteUnfounded(this.db, memberIds);
  }

  /** As the service does when a consent is withdrawn. */
  async eraseMember(memberId: string, epoch: number): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      await raiseTombstone(tx, memberId, epoch);
      await sql`delete from matches where member_id = ${memberId} and consent_epoch <= ${epoch}`.execute(tx);
      await deleteUnfounded(tx, [memberId]);
    });
  }

  /** Nothing is sold of it any more; licences stay. */
  async fail(photoId: string, reason: string): Promise<void> {
    await sql`update photos set status = 'failed', failure_reason = ${reason}
      where photo_id = ${photoId} and status in ('raw', 'on_sale')`.execute(this.db);
  }

  /** Takes a photo into the catalogue that upload knows; false where its event is not there, or not the creator's. */
  async rebuild(upload: UploadCopy): Promise<boolean> {
    const { rows } = await sql`insert into photos (photo_id, creator_id, event_id, title, description, price_idr, sale,
        latitude, longitude, sha256, size_bytes, format, original_key, captured_at, uploaded_at,
        creator_time_zone)
      select ${upload.id}::uuid, ${upload.creatorId}::uuid, ${upload.eventId}::uuid, ${upload.title}, ${upload.description},
        ${upload.priceIdr}::bigint, ${upload.sale}, ${upload.latitude}::float8, ${upload.longitude}::float8, ${upload.sha256},
        ${upload.sizeBytes}::bigint, ${upload.format}, ${upload.originalKey}, ${upload.createdAt}::timestamptz,
        ${upload.createdAt}::timestamptz, ${upload.timeZone}
      where ${upload.eventId}::uuid is null or exists (
        select from event_creators where event_id = ${upload.eventId}::uuid and creator_id = ${upload.creatorId}::uuid)
      on conflict do nothing returning photo_id`.execute(this.db);
    return rows.length === 1;
  }

  async listSoldOut(photoIds: readonly string[]): Promise<ReadonlySet<string>> {
    return idsOf(
      this.db,
      sql`select photo_id as id from photos where photo_id = any(${uuids(photoIds)}) and is_sold_out`,
    );
  }

  async markSoldOut(photoIds: readonly string[]): Promise<void> {
    await sql`update photos set is_sold_out = true where photo_id = any(${uuids(photoIds)})`.execute(this.db);
  }

  /** Which of these are known as bought, each as `<buyer> <photo>`. */
  async listBought(pairs: readonly { buyerId: string; photoId: string }[]): Promise<ReadonlySet<string>> {
    const [buyerIds, photoIds] = [pairs.map(({ buyerId }) => buyerId), pairs.map(({ photoId }) => photoId)];
    return idsOf(
      this.db,
      sql`select buyer_id || ' ' || photo_id as id from bought_photos
        join unnest(${uuids(buyerIds)}, ${uuids(photoIds)}) as asked (buyer_id, photo_id) using (buyer_id, photo_id)`,
    );
  }

  async addBought(pairs: readonly { buyerId: string; photoId: string }[]): Promise<void> {
    const [buyerIds, photoIds] = [pairs.map(({ buyerId }) => buyerId), pairs.map(({ photoId }) => photoId)];
    await sql`insert into bought_photos (buyer_id, photo_id)
      select * from unnest(${uuids(buyerIds)}, ${uuids(photoIds)}) on conflict do nothing`.execute(this.db);
  }

  bought(): AsyncIterable<BoughtRow[]> {
    return pairPagesOf(
      this.db,
      boughtRow,
      ({ buyerId, photoId }) => [buyerId, photoId],
      (after, limit) => sql`select buyer_id as "buyerId", photo_id as "photoId" from bought_photos
        where (buyer_id, photo_id) > ${after} order by buyer_id, photo_id limit ${limit}`,
    );
  }

  async deleteBought(pairs: readonly BoughtRow[]): Promise<void> {
    const [buyerIds, photoIds] = [pairs.map(({ buyerId }) => buyerId), pairs.map(({ photoId }) => photoId)];
    await sql`delete from bought_photos b using unnest(${uuids(buyerIds)}, ${uuids(photoIds)}) as gone (buyer_id, photo_id)
      where b.buyer_id = gone.buyer_id and b.photo_id = gone.photo_id`.execute(this.db);
  }

  /** Those who own a photo or an event, or keep a collection, each once. */
  people(role: 'creator' | 'owner' | 'collector'): AsyncIterable<{ id: string }[]> {
    const source = {
      creator: sql`select creator_id as id from photos`,
      owner: sql`select owner_id as id from events`,
      collector: sql`select member_id as id from collections`,
    }[role];
    return pagesOf(
      this.db,
      z.object({ id: z.string() }),
      ({ id }) => id,
      (after, limit) => sql`select distinct id from (${source}) as people where id > ${after}::uuid
        order by id limit ${limit}`,
    );
  }

  async deleteCollectionsOf(memberIds: readonly string[]): Promise<void> {
    await sql`delete from collections where member_id = any(${uuids(memberIds)})`.execute(this.db);
  }

  async listNamedCreators(creatorIds: readonly string[]): Promise<ReadonlySet<string>> {
    return idsOf(this.db, sql`select creator_id as id from creators where creator_id = any(${uuids(creatorIds)})`);
  }

  async nameCreator(creator: { id: string; displayName: string; joinedAt: Date }): Promise<void> {
    await sql`insert into creators (creator_id, display_name, told_at)
      values (${creator.id}, ${creator.displayName}, ${creator.joinedAt}) on conflict do nothing`.execute(this.db);
  }
}

/** As the service does: what only a match let members keep in lists goes with it. */
async function deleteUnfounded(db: Database, memberIds: readonly string[]): Promise<void> {
  await sql`delete from collections c using photos p left join events e on e.event_id = p.event_id
    where c.member_id = any(${uuids(memberIds)}) and c.is_by_match and p.photo_id = c.photo_id
      and p.creator_id <> c.member_id and coalesce(e.visibility <> 'public', true)
      and not exists (select from bought_photos b where b.buyer_id = c.member_id and b.photo_id = c.photo_id)
      and not exists (
        select from matches m where m.photo_id = c.photo_id and m.member_id = c.member_id and m.answer <> 'rejected'
      )`.execute(db);
}

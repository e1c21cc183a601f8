import type { Jobs } from '@kilas/platform/jobs/jobs.ts';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import type { Bucket } from '@kilas/storage/buckets.ts';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { type Database, idsOf, pagesOf, rowsOf, uuids } from './database.ts';
import { type PhotoRow, type UploadCopy, uploadCopy } from './photo-row.ts';
import { raiseTombstone } from './tombstones.ts';

const uploadRow = z.object({
  id: z.string(),
  state: z.enum(['accepted', 'processed', 'failed']),
  failureReason: z.string().nullable(),
});

export type UploadRow = z.output<typeof uploadRow>;

const facecamRow = z.object({
  id: z.string(),
  memberId: z.string(),
  epoch: z.number(),
  state: z.enum(['pending', 'ready', 'failed']),
  selfieKey: z.string().nullable(),
});

export type FacecamRow = z.output<typeof facecamRow>;

const photoJob = (name: string) => ({ name, data: z.object({ photoId: z.string() }) });
const facecamJob = (name: string) => ({ name, data: z.object({ facecamId: z.string() }) });
/** As upload sends them; how they are retried its queue knows. */
const jobs = {
  derive: photoJob('derive-photo'),
  recognise: photoJob('recognise-photo'),
  enrol: facecamJob('enrol-facecam'),
};
const unused = { retryCountMax: 0, retryDelaySeconds: 1, retryDelayMaxSeconds: 1, timeoutSeconds: 60 };
/** Starts of the image work that a photo gets once more. */
const moreTries = 12;

/** What the operator knows of upload's tables. */
export class UploadTables {
  readonly db: Database;
  readonly #jobs: Jobs;

  constructor(db: Database, queue: Jobs) {
    this.db = db;
    this.#jobs = queue;
  }

  /** Without intents, which the service's own sweeper ends. */
  uploads(before: Date): AsyncIterable<UploadRow[]> {
    return pagesOf(
      this.db,
      uploadRow,
      ({ id }) => id,
      (after, limit) => sql`select photo_id as id, state, failure_reason as "failureReason" from uploads
        where photo_id > ${after}::uuid and state <> 'intended' and updated_at < ${before}
        order by photo_id limit ${limit}`,
    );
  }

  async listStates(photoIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const row = z.object({ id: z.string(), state: z.string() });
    const query = sql`select photo_id as id, state from uploads where photo_id = any(${uuids(photoIds)})`;
    return new Map((await rowsOf(this.db, row, query)).map(({ id, state }) => [id, state]));
  }

  async listKnown(photoIds: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set((await this.listStates(photoIds)).keys());
  }

  /** Photos with a job that waits or runs. */
  async listBusy(photoIds: readonly string[]): Promise<ReadonlySet<string>> {
    return idsOf(
      this.db,
      sql`select data #>> '{data,photoId}' as id from jobs.job
        where name in ('derive-photo', 'publish-photo', 'recognise-photo') and state < 'completed'
          and data #>> '{data,photoId}' = any(${[...photoIds]})`,
    );
  }

  facecams(before: Date): AsyncIterable<FacecamRow[]> {
    return pagesOf(
      this.db,
      facecamRow,
      ({ id }) => id,
      (after, limit) => sql`select facecam_id as id, member_id as "memberId", consent_epoch as epoch, state,
          selfie_key as "selfieKey" from facecams
        where facecam_id > ${after}::uuid and created_at < ${before} order by facecam_id limit ${limit}`,
    );
  }

  async listKnownFacecams(facecamIds: readonly string[]): Promise<ReadonlySet<string>> {
    return idsOf(this.db, sql`select facecam_id as id from facecams where facecam_id = any(${uuids(facecamIds)})`);
  }

  /** Facecams whose enrolment waits or runs. */
  async listBusyFacecams(facecamIds: readonly string[]): Promise<ReadonlySet<string>> {
    return idsOf(
      this.db,
      sql`select data #>> '{data,facecamId}' as id from jobs.job
        where name = 'enrol-facecam' and state < 'completed'
          and data #>> '{data,facecamId}' = any(${[...facecamIds]})`,
    );
  }

  /** As the service does when a consent is withdrawn; the selfies are objects that nobody names from then on. */
  async eraseMember(memberId: string, epoch: number): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      await raiseTombstone(tx, memberId, epoch);
      await sql`delete from facecams where member_id = ${memberId} and consent_epoch <= ${epoch}`.execute(tx);
    });
  }

  async deleteFacecams(facecamIds: readonly string[]): Promise<void> {
    await sql`delete from facecams where facecam_id = any(${uuids(facecamIds)})`.execute(this.db);
  }

  async forgetSelfies(facecamIds: readonly string[]): Promise<void> {
    await sql`update facecams set selfie_key = null where facecam_id = any(${uuids(facecamIds)}) and state = 'ready'`.execute(
      this.db,
    );
  }

  /** The member sees that it failed, and enrols again. */
  async failFacecams(facecamIds: readonly string[]): Promise<void> {
    await sql`update facecams set state = 'failed', failure_reason = 'PROCESSING_FAILED', selfie_key = null
      where facecam_id = any(${uuids(facecamIds)}) and state <> 'failed'`.execute(this.db);
  }

  async enrolAgain(facecamId: string): Promise<void> {
    await this.db.transaction().execute((tx) => this.#jobs.send(tx, { ...jobs.enrol, ...unused }, { facecamId }));
  }

  async recogniseAgain(photoId: string): Promise<void> {
    await this.db.transaction().execute((tx) => this.#jobs.send(tx, { ...jobs.recognise, ...unused }, { photoId }));
  }

  /** All images that are missing are made once more, and the photo is published and recognised after them. */
  async deriveAgain(photoId: string): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      await sql`update uploads set state = 'accepted', failure_reason = null,
          derive_count_max = derive_count + ${moreTries}, updated_at = now()
        where photo_id = ${photoId} and state <> 'intended'`.execute(tx);
      await this.#sendDerive(tx, photoId);
    });
  }

  async fail(photoId: string, reason: string): Promise<void> {
    await sql`update uploads set state = 'failed', failure_reason = ${reason}, updated_at = now()
      where photo_id = ${photoId} and state in ('accepted', 'processed')`.execute(this.db);
  }

  /** Writes the row of a photo that the catalogue knows, and has its images made; false where the creator sent the same bytes again. */
  async rebuild(photo: PhotoRow): Promise<boolean> {
    return this.db.transaction().execute(async (tx) => {
      const { rows } = await sql`insert into uploads (photo_id, creator_id, sha256, size_bytes, format, state, title,
          description, price_idr, sale, event_id, latitude, longitude, original_key, compressed_key, preview_key,
          thumbnail_key, processed_key, derive_count_max, created_at, updated_at,
          time_zone)
        values (${photo.id}, ${photo.creatorId}, ${photo.sha256}, ${photo.sizeBytes}, ${photo.format}, 'accepted',
          ${photo.title}, ${photo.description}, ${photo.priceIdr}, ${photo.sale}, ${photo.eventId}, ${photo.latitude},
          ${photo.longitude}, ${photo.originalKey}, ${newObjectKey()}, ${photo.previewKey ?? newObjectKey()},
          ${photo.thumbnailKey ?? newObjectKey()}, ${photo.processedKey ?? newObjectKey()}, ${moreTries},
          ${photo.uploadedAt}, now(), ${photo.timeZone})
        on conflict do nothing returning photo_id`.execute(tx);
      if (rows.length === 1) await this.#sendDerive(tx, photo.id);
      return rows.length === 1;
    });
  }

  async listOriginals(photoIds: readonly string[]): Promise<UploadCopy[]> {
    return rowsOf(
      this.db,
      uploadCopy,
      sql`select photo_id as id, creator_id as "creatorId", event_id as "eventId", title, description,
          price_idr::text as "priceIdr", sale, latitude, longitude, sha256, size_bytes::text as "sizeBytes", format,
          original_key as "originalKey", created_at as "createdAt", time_zone as "timeZone" from uploads
        where photo_id = any(${uuids(photoIds)})`,
    );
  }

  /**
   * The keys of a bucket's objects that rows name, in the order of their bytes. `run` is called once, in a transaction whose
   * snapshot is older than what it reads of the storage.
   */
  async withKeys<T>(bucket: Bucket, run: (keys: AsyncIterable<NamedKey>) => Promise<T>): Promise<T> {
    return this.db.transaction().execute(async (tx) => {
      await sql`declare named_keys no scroll cursor for
        select * from (${namedKeys[bucket]}) as named order by key collate "C"`.execute(tx);
      return run(fetchAll(tx));
    });
  }

  #sendDerive(tx: Transaction<object>, photoId: string): Promise<void> {
    return this.#jobs.send(tx, { ...jobs.derive, ...unused }, { photoId });
  }
}

const namedKey = z.object({
  key: z.string(),
  /** The photo, or for a selfie the facecam; null for a selfie on its way. */
  ownerId: z.string().nullable(),
  kind: z.enum(['original', 'compressed', 'preview', 'thumbnail', 'processed', 'selfie']),
  state: z.string(),
  changedAt: z.date(),
});

export type NamedKey = z.output<typeof namedKey>;

const namedKeys: Readonly<Record<Bucket, RawBuilder<unknown>>> = {
  originals: sql`select original_key as key, photo_id as "ownerId", 'original' as kind, state, updated_at as "changedAt"
      from uploads
    union all select compressed_key, photo_id, 'compressed', state, updated_at from uploads`,
  previews: sql`select preview_key as key, photo_id as "ownerId", 'preview' as kind, state, updated_at as "changedAt"
      from uploads
    union all select thumbnail_key, photo_id, 'thumbnail', state, updated_at from uploads
    union all select processed_key, photo_id, 'processed', state, updated_at from uploads`,
  selfies: sql`select selfie_key as key, facecam_id as "ownerId", 'selfie' as kind, state, created_at as "changedAt"
      from facecams where selfie_key is not null
    union all select selfie_key, null, 'selfie', 'intended', created_at from selfie_intents`,
};

async function* fetchAll(tx: Transaction<object>): AsyncGenerator<NamedKey> {
  for (;;) {
    const rows = await rowsOf(tx, namedKey, sql`fetch 1000 from named_keys`);
    if (rows.length === 0) return;
    yield* rows;
  }
}

import { quarantined } from '@kilas/platform/risky-work/risky-work-store.ts';
import { holderOn } from '@kilas/platform/service/holdings.ts';
import type { Bucket } from '@kilas/storage/buckets.ts';
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import type { UploadSchema } from '../db/schema.ts';
import { publishPhotoJob, recognisePhotoJob } from '../derivatives/jobs.ts';
import { enrolFacecamJob } from '../facecams/jobs.ts';
import { deletePhotoObjectsJob } from '../uploads/delete-photos.ts';
import { derivePhotoJob } from '../uploads/jobs.ts';

export function holdingsIn(db: Kysely<UploadSchema>, before: Date) {
  const hold = holderOn(db, before);
  return {
    uploads: hold(
      db
        .selectFrom('uploads')
        .select(['photo_id as id', 'creator_id as creatorId', 'event_id as eventId', 'title', 'description'])
        .select([
          'price_idr as priceIdr',
          'sale',
          'latitude',
          'longitude',
          'sha256',
          'size_bytes as sizeBytes',
          'format',
        ])
        .select(['original_key as originalKey', 'state', 'failure_reason as failureReason', 'time_zone as timeZone'])
        .select('created_at as createdAt')
        // The service's own sweeper ends intents.
        .select(sql<Date | null>`case when state <> 'intended' then updated_at end`.as('settledAt')),
      { since: 'settledAt' },
    ),
    facecams: hold(
      db
        .selectFrom('facecams')
        .select(['facecam_id as id', 'member_id as memberId', 'consent_epoch as epoch', 'state'])
        .select('created_at as createdAt'),
      { since: 'createdAt' },
    ),
    /** Photos with a job that waits or runs. */
    busyPhotos: hold(atWork('photoId', [derivePhotoJob, publishPhotoJob, recognisePhotoJob]), { keyType: 'text' }),
    /** Facecams whose enrolment waits or runs. */
    busyFacecams: hold(atWork('facecamId', [enrolFacecamJob]), { keyType: 'text' }),
    /** By member, the epoch up to which they are erased. */
    erasures: hold(db.selectFrom('erased_members').select(['member_id as id', 'erased_epoch as epoch'])),
    quarantined: hold(quarantined, { keyType: 'text' }),
  };
}

function atWork(field: string, kinds: readonly { readonly name: string }[]): RawBuilder<{ id: string }> {
  const names = kinds.map(({ name }) => name);
  return sql`(select data #>> array['data', ${field}] as id from jobs.job
    where name = any(${names}::text[]) and state < 'completed')`;
}

/** What a row says of an object. */
export interface NamedKey {
  readonly key: string;
  /** The photo, or for a selfie the facecam; null for a selfie and for parts of a file on their way. */
  readonly ownerId: string | null;
  readonly kind:
    | 'original'
    | 'compressed'
    | 'preview'
    | 'preview_small'
    | 'thumbnail'
    | 'thumbnail_small'
    | 'processed'
    | 'doomed'
    | 'selfie'
    | 'part';
  /** Whether the object has to be there, as the photo or facecam is. */
  readonly isRequired: boolean;
  readonly changedAt: Date;
}

interface NamedKeyRow extends Omit<NamedKey, 'isRequired'> {
  readonly state: UploadSchema['uploads']['state'] | UploadSchema['facecams']['state'];
}

const required: Readonly<Partial<Record<NamedKeyRow['state'], readonly NamedKey['kind'][]>>> = {
  accepted: ['original'],
  processed: ['original', 'compressed', 'preview', 'preview_small', 'thumbnail', 'thumbnail_small', 'processed'],
  pending: ['selfie'],
  ready: ['selfie'],
};

/** Objects of deleted photos that a job is still to delete: what lies there until then is not forgotten. */
const doomedIn = (bucket: Bucket) => sql`
  select distinct object->>'key', null::uuid, 'doomed', 'failed', now()
  from jobs.job, jsonb_array_elements(data->'data'->'objects') as object
  where name = ${deletePhotoObjectsJob.name} and state < 'completed' and object->>'bucket' = ${bucket}`;

const namedKeys: Readonly<Record<Bucket, RawBuilder<NamedKeyRow>>> = {
  originals: sql`select original_key as key, photo_id as "ownerId", 'original' as kind, state, updated_at as "changedAt"
      from uploads
    union all select compressed_key, photo_id, 'compressed', state, updated_at from uploads
    union all select object_key, null, 'part', 'intended', created_at
      from resumable_parts join resumable_uploads using (upload_id)
    union all ${doomedIn('originals')}`,
  previews: sql`select preview_key as key, photo_id as "ownerId", 'preview' as kind, state, updated_at as "changedAt"
      from uploads
    union all select preview_small_key, photo_id, 'preview_small', state, updated_at from uploads
      where preview_small_key is not null
    union all select thumbnail_key, photo_id, 'thumbnail', state, updated_at from uploads
    union all select thumbnail_small_key, photo_id, 'thumbnail_small', state, updated_at from uploads
      where thumbnail_small_key is not null
    union all select processed_key, photo_id, 'processed', state, updated_at from uploads
    union all ${doomedIn('previews')}`,
  selfies: sql`select selfie_key as key, facecam_id as "ownerId", 'selfie' as kind, state, created_at as "changedAt"
      from facecams where selfie_key is not null
    union all select selfie_key, null, 'selfie', 'intended', created_at from selfie_intents`,
};

/**
 * The keys of a bucket's objects that rows name, in the order of their bytes. `run` is called once, in a transaction whose snapshot is
 * older than what it reads of the storage.
 */
export async function withNamedKeys<T>(
  db: Kysely<UploadSchema>,
  bucket: Bucket,
  run: (keys: AsyncIterable<NamedKey>) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await sql`declare named_keys no scroll cursor for
      select * from (${namedKeys[bucket]}) as named order by key collate "C"`.execute(tx);
    return run(fetchAll(tx));
  });
}

async function* fetchAll(tx: Transaction<UploadSchema>): AsyncGenerator<NamedKey> {
  for (;;) {
    const { rows } = await sql<NamedKeyRow>`fetch 1000 from named_keys`.execute(tx);
    if (rows.length === 0) return;
    for (const { state, ...row } of rows) yield { ...row, isRequired: required[state]?.includes(row.kind) === true };
  }
}

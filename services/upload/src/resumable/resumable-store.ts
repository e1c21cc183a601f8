import type { Db } from '@kilas/platform/db/database.ts';
import { quick } from '@kilas/platform/db/not-on-disk.ts';
import { sql, type Transaction } from 'kysely';
import type { UploadSchema } from '../db/schema.ts';
import type { Outcome, Receiving, ResumableUpload, Told } from './resumable-upload.ts';

/** A holder that gives no sign of life for so long has lost the upload. */
const leaseSeconds = 10;
const heldUntil = sql<Date>`now() + make_interval(secs => ${leaseSeconds})`;

/** Bytes of it may still come. A process that died after it had accepted the photo left the row as it was. */
const isReceiving = sql<boolean>`(resumable_uploads.state = 'receiving' and not exists (
  select from uploads where uploads.received_as = resumable_uploads.upload_id
    and uploads.creator_id = resumable_uploads.creator_id and uploads.state <> 'intended'))`;

interface OfCreator {
  readonly uploadId: string;
  readonly creatorId: string;
}

/** Held by who inserts it; false when there is one of this id. */
export async function insertReceiving(
  db: Db<UploadSchema>,
  upload: Receiving & OfCreator & { now: Date },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('resumable_uploads')
    .values({
      upload_id: upload.uploadId,
      creator_id: upload.creatorId,
      size_bytes: BigInt(upload.sizeBytes),
      offset_bytes: 0n,
      metadata: upload.metadata,
      state: 'receiving',
      photo_id: null,
      refusal: null,
      holder: upload.holder ?? null,
      held_until: heldUntil,
      created_at: upload.now,
      expires_at: upload.expiresAt,
      ended_at: null,
    })
    .onConflict((conflict) => conflict.column('upload_id').doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** Undefined when somebody else holds the upload, or no bytes of it are to come. */
export async function takeLease(
  db: Db<UploadSchema>,
  lease: OfCreator & { holder: string; now: Date },
): Promise<Receiving | undefined> {
  const row = await db
    .updateTable('resumable_uploads')
    .set({ holder: lease.holder, held_until: heldUntil, is_wanted: false })
    .where('upload_id', '=', lease.uploadId)
    .where('creator_id', '=', lease.creatorId)
    .where('expires_at', '>', lease.now)
    .where(isReceiving)
    .where((is) => is.or([is('holder', 'is', null), is('held_until', '<', sql<Date>`now()`)]))
    .returning(['size_bytes as sizeBytes', 'offset_bytes as offsetBytes', 'metadata', 'expires_at as expiresAt'])
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { uploadId, holder } = lease;
  return { ...row, uploadId, holder, sizeBytes: Number(row.sizeBytes), offsetBytes: Number(row.offsetBytes) };
}

/** Asks the holder to leave. */
export async function askForLease(db: Db<UploadSchema>, uploadId: string): Promise<void> {
  await sql`with ${quick} update resumable_uploads set is_wanted = true from quick
    where upload_id = ${uploadId} and holder is not null and not is_wanted`.execute(db);
}

/** Undefined when the upload was lost to somebody else. */
export async function renewLease(
  db: Db<UploadSchema>,
  lease: { uploadId: string; holder: string },
): Promise<{ isWanted: boolean } | undefined> {
  return db
    .updateTable('resumable_uploads')
    .set({ held_until: heldUntil })
    .where('upload_id', '=', lease.uploadId)
    .where('holder', '=', lease.holder)
    .returning('is_wanted as isWanted')
    .executeTakeFirst();
}

export async function releaseLease(db: Db<UploadSchema>, lease: { uploadId: string; holder: string }): Promise<void> {
  await db
    .updateTable('resumable_uploads')
    .set({ holder: null })
    .where('upload_id', '=', lease.uploadId)
    .where('holder', '=', lease.holder)
    .execute();
}

/** False when the upload was lost to somebody else meanwhile. The one who moves it on leaves it. */
export async function moveOffset(
  tx: Transaction<UploadSchema>,
  part: { uploadId: string; holder: string; startBytes: number; endBytes: number },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('resumable_uploads')
    .set({ offset_bytes: BigInt(part.endBytes), holder: null })
    .where('upload_id', '=', part.uploadId)
    .where('holder', '=', part.holder)
    .where('offset_bytes', '=', BigInt(part.startBytes))
    .where('state', '=', 'receiving')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * Writes down what became of an upload, once; also of one that had no row while it was received, unless somebody else has an upload of this id. What
 * was said of the file is the photo's by now, or nobody's.
 */
export async function putOutcome(
  db: Db<UploadSchema>,
  upload: Receiving & { creatorId: string; outcome: Outcome; now: Date },
): Promise<void> {
  const { outcome, now } = upload;
  const end = {
    state: outcome.state,
    photo_id: outcome.state === 'refused' ? null : outcome.photoId,
    refusal: outcome.state === 'refused' ? JSON.stringify(outcome.refusal) : null,
    offset_bytes: BigInt(upload.sizeBytes),
    metadata: '',
    holder: null,
    ended_at: now,
  };
  await db
    .insertInto('resumable_uploads')
    .values({
      ...end,
      upload_id: upload.uploadId,
      creator_id: upload.creatorId,
      size_bytes: BigInt(upload.sizeBytes),
      held_until: null,
      created_at: now,
      expires_at: upload.expiresAt,
    })
    .onConflict((conflict) =>
      conflict
        .column('upload_id')
        .doUpdateSet(end)
        .where('resumable_uploads.creator_id', '=', upload.creatorId)
        .where('resumable_uploads.state', '=', 'receiving'),
    )
    .execute();
}

/** Ends an upload without a photo, unless somebody else holds it; false when it has ended or is held. */
export async function markGone(
  db: Db<UploadSchema>,
  upload: { uploadId: string; holder?: string; now: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('resumable_uploads')
    .set({ state: 'gone', metadata: '', holder: null, ended_at: upload.now })
    .where('upload_id', '=', upload.uploadId)
    .where('state', '=', 'receiving')
    .where((is) =>
      is.or([
        is('holder', 'is', null),
        is('held_until', '<', sql<Date>`now()`),
        ...(upload.holder === undefined ? [] : [is('holder', '=', upload.holder)]),
      ]),
    )
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function countUnfinished(db: Db<UploadSchema>, creatorId: string): Promise<number> {
  const { count } = await db
    .selectFrom('resumable_uploads')
    .select((of) => of.fn.countAll<bigint>().as('count'))
    .where('creator_id', '=', creatorId)
    .where('state', '=', 'receiving')
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function listExpired(db: Db<UploadSchema>, now: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('resumable_uploads')
    .select('upload_id')
    .where('state', '=', 'receiving')
    .where('expires_at', '<=', now)
    .orderBy('expires_at')
    .limit(limit)
    .execute();
  return rows.map((row) => row.upload_id);
}

/** Parts that are not deleted yet keep their upload. Answers how many were deleted. */
export async function deleteEndedBefore(db: Db<UploadSchema>, before: Date, limit: number): Promise<number> {
  const ended = db
    .selectFrom('resumable_uploads')
    .select('upload_id')
    .where('state', '<>', 'receiving')
    .where('ended_at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('resumable_parts')
            .select('object_key')
            .whereRef('resumable_parts.upload_id', '=', 'resumable_uploads.upload_id'),
        ),
      ),
    )
    .orderBy('ended_at')
    .limit(limit);
  const { numDeletedRows } = await db
    .deleteFrom('resumable_uploads')
    .where('upload_id', 'in', ended)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

interface ToldRow {
  readonly uploadId: string;
  readonly state: ResumableUpload['state'] | null;
  readonly isExpired: boolean | null;
  readonly sizeBytes: bigint | null;
  readonly offsetBytes: bigint | null;
  readonly metadata: string | null;
  readonly photoId: string | null;
  readonly refusal: Told['refusal'];
  /** Of the photo that was received as this, and what of it. */
  readonly photoState: UploadSchema['uploads']['state'] | null;
  readonly failureReason: string | null;
}

/** Uploads of a creator in the order asked for; those that are not theirs, or not known any more, are gone. */
export async function tellUploads(
  db: Db<UploadSchema>,
  asked: { creatorId: string; uploadIds: readonly string[]; now: Date },
): Promise<Told[]> {
  const { creatorId, now } = asked;
  const { rows } = await sql<ToldRow>`select asked.upload_id as "uploadId", kept.state, kept.metadata, kept.refusal,
      kept.expires_at <= ${now} as "isExpired", coalesce(kept.size_bytes, photo.size_bytes) as "sizeBytes",
      kept.offset_bytes as "offsetBytes", coalesce(photo.photo_id, kept.photo_id) as "photoId",
      photo.state as "photoState", photo.failure_reason as "failureReason"
    from unnest(${[...asked.uploadIds]}::uuid[]) with ordinality as asked (upload_id, place)
    left join resumable_uploads kept on kept.upload_id = asked.upload_id and kept.creator_id = ${creatorId}
    left join lateral (select photo_id, state, failure_reason, size_bytes from uploads
      where received_as = asked.upload_id and creator_id = ${creatorId} and state <> 'intended'
      order by created_at desc limit 1) photo on true
    order by asked.place`.execute(db);
  return rows.map(toldOf);
}

function toldOf(row: ToldRow): Told {
  const { uploadId, metadata, photoId, photoState } = row;
  const sizeBytes = Number(row.sizeBytes ?? 0);
  const isKnown = row.sizeBytes !== null;
  const ended = { uploadId, isKnown, metadata, sizeBytes, offsetBytes: sizeBytes };
  if (photoState !== null && photoState !== 'intended') {
    const refusal = row.failureReason === null ? null : { reason: row.failureReason, params: {} };
    return { ...ended, state: photoState, photoId, refusal };
  }
  const { refusal } = row;
  switch (row.state) {
    case 'duplicate':
    case 'refused':
      return { ...ended, state: row.state, photoId, refusal };
    case 'receiving':
      if (row.isExpired !== true) {
        return { ...ended, offsetBytes: Number(row.offsetBytes), state: 'receiving', photoId: null, refusal: null };
      }
      return { ...ended, state: 'gone', photoId: null, refusal: null };
    // What was accepted has no photo any more.
    case 'accepted':
    case 'gone':
    case null:
      return { ...ended, state: 'gone', photoId: null, refusal: null };
  }
}

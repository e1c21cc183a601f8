import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { PhotoService } from '@kilas/contracts/gen/kilas/photo/v1/photo_service_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { UploadContext } from '../context.ts';
import { countUnfinished, insertReceiving, tellUploads } from './resumable-store.ts';
import { expiresAfterSeconds, type Receiving, type Told, unfinishedMax } from './resumable-upload.ts';
import { readMetadata } from './upload-metadata.ts';

/**
 * Begins an upload, after all that can be said against it before its first byte. One that comes whole with this request has no row until it
 * has ended: should the process die, nobody knows its id.
 */
export async function beginUpload(
  ctx: UploadContext,
  input: { uploadId: string; creatorId: string; sizeBytes: number; metadata: string; comesWhole: boolean },
): Promise<Receiving> {
  const { creatorId, sizeBytes, comesWhole, ...upload } = input;
  await takeAttempt(ctx.limits.uploadsByCreator, creatorId);
  const { fields } = readMetadata(ctx.config, upload.metadata);
  if (sizeBytes === 0) refuse('FILE_EMPTY');
  if (sizeBytes > ctx.config.PHOTO_SIZE_MAX_BYTES) {
    refuse('FILE_TOO_LARGE', { maxMebibytes: String(ctx.config.PHOTO_SIZE_MAX_BYTES / 1024 / 1024) });
  }
  if (fields.eventId !== undefined) await checkEvent(ctx, { eventId: fields.eventId, creatorId });
  const now = ctx.clock.now();
  const begun = { ...upload, sizeBytes, offsetBytes: 0, expiresAt: addSeconds(now, expiresAfterSeconds) };
  if (comesWhole) return { ...begun, holder: undefined };
  if ((await countUnfinished(ctx.db, creatorId)) >= unfinishedMax) {
    refuse('UPLOADS_UNFINISHED', { max: String(unfinishedMax) });
  }
  const receiving = { ...begun, holder: newId() };
  const isBegun = await insertReceiving(ctx.db, { ...receiving, creatorId, now });
  // The same request came twice at once.
  if (!isBegun) refuse('UPLOAD_HELD', { retryAfterSeconds: '1' });
  return receiving;
}

/**
 * What became of an upload of this id that was begun before, because the answer to that was lost; undefined when there was none. Refuses an id
 * that another file has.
 */
export async function findBegun(
  ctx: Pick<UploadContext, 'db' | 'clock'>,
  { uploadId, creatorId, sizeBytes }: { uploadId: string; creatorId: string; sizeBytes: number },
): Promise<Told | undefined> {
  const [told] = await tellUploads(ctx.db, { creatorId, uploadIds: [uploadId], now: ctx.clock.now() });
  if (told?.isKnown !== true) return undefined;
  if (told.sizeBytes !== sizeBytes) refuse('UPLOAD_ID_TAKEN');
  if (told.state === 'gone') refuse('UPLOAD_GONE');
  return told;
}

/** Refuses with EVENT_NOT_FOUND. It is asked again when the photo is registered. */
async function checkEvent(ctx: UploadContext, event: { eventId: string; creatorId: string }): Promise<void> {
  try {
    await createClient(PhotoService, ctx.peers('photo')).checkEvent(event);
  } catch (error) {
    // A replica of the release before cannot say.
    if (!(error instanceof ConnectError && error.code === Code.Unimplemented)) throw error;
  }
}

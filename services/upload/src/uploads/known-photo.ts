import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { PhotoService } from '@kilas/contracts/gen/kilas/photo/v1/photo_service_pb.js';
import type { PhotoFieldName } from '@kilas/messages/duplicates.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import type { UploadContext } from '../context.ts';
import { finalReason } from '../final-reason.ts';
import type { PhotoFields, Upload } from './upload.ts';
import { findUpload } from './upload-store.ts';

interface PhotoState {
  readonly status: string;
  readonly failureReason: string | null;
  readonly eventId: string | null;
  readonly title: string;
  readonly description: string;
  readonly priceIdr: bigint;
  readonly sale: string;
  readonly place: { readonly latitude: number; readonly longitude: number } | null;
  readonly hidden: boolean;
}

/** A photo that was there before its bytes were sent once more. */
export interface KnownPhoto extends PhotoState {
  /** What was sent with the bytes and is otherwise on the photo, which stays as it is. */
  readonly notApplied: readonly PhotoFieldName[];
}

/** The photo as it is by now, and what of these fields it does not have. Refuses with PHOTO_REMOVED; throws when photo is away. */
export async function readKnown(ctx: UploadContext, known: Upload, fields: PhotoFields): Promise<KnownPhoto> {
  const photo = await readState(ctx, known);
  if (photo.status === 'removed') refuse('PHOTO_REMOVED');
  return { ...photo, notApplied: differences(photo, fields) };
}

async function readState(ctx: UploadContext, known: Upload): Promise<PhotoState> {
  const { photo_id: photoId, creator_id: creatorId } = known;
  try {
    const {
      failureReason = null,
      eventId = null,
      place,
      isHidden,
      ...photo
    } = await createClient(PhotoService, ctx.peers('photo')).readPhoto({ photoId, creatorId });
    return { ...photo, failureReason, eventId, place: place ?? null, hidden: isHidden };
  } catch (error) {
    // A replica of the release before cannot say, and a catalogue that was restored may not know; then it is as this service knows it.
    const cannotSay = error instanceof ConnectError && error.code === Code.Unimplemented;
    if (cannotSay || finalReason(error) === 'PHOTO_NOT_FOUND') {
      return stateOf((await findUpload(ctx.db, photoId)) ?? known);
    }
    throw error;
  }
}

function stateOf({ latitude, longitude, ...upload }: Upload): PhotoState {
  const isEnded = upload.state === 'processed' || upload.state === 'failed';
  const ended = upload.state === 'failed' ? 'failed' : 'on_sale';
  return {
    status: isEnded ? ended : 'raw',
    failureReason: upload.failure_reason,
    eventId: upload.event_id,
    title: upload.title,
    description: upload.description,
    priceIdr: upload.price_idr,
    sale: upload.sale,
    place: latitude === null || longitude === null ? null : { latitude, longitude },
    hidden: false,
  };
}

/** A field that was not sent asks for nothing. */
function differences(photo: PhotoState, fields: PhotoFields): PhotoFieldName[] {
  const isOther: Readonly<Record<PhotoFieldName, boolean>> = {
    eventId: fields.eventId !== undefined && fields.eventId !== photo.eventId,
    title: fields.title !== undefined && fields.title !== photo.title,
    description: fields.description !== undefined && fields.description !== photo.description,
    priceIdr: fields.priceIdr !== photo.priceIdr,
    sale: fields.sale !== undefined && fields.sale !== photo.sale,
    place:
      fields.latitude !== undefined &&
      (fields.latitude !== photo.place?.latitude || fields.longitude !== photo.place.longitude),
  };
  return (Object.keys(isOther) as PhotoFieldName[]).filter((field) => isOther[field]);
}

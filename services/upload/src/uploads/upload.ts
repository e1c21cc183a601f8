import type { PictureFormat } from '@kilas/pictures/picture-format.ts';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { Insertable, Selectable } from 'kysely';
import type { UploadSchema } from '../db/schema.ts';
import type { SpooledFile } from '../spool/spool.ts';

export type Upload = Selectable<UploadSchema['uploads']>;
export type Sale = Upload['sale'];

/** Starts of the image work before a photo counts as failed; with the waits between them some 50 minutes. */
export const deriveTriesMax = 12;

export interface PhotoFields {
  readonly title?: string | undefined;
  /** None without it. */
  readonly description?: string | undefined;
  readonly priceIdr: bigint;
  /** `shared` without it. */
  readonly sale?: Sale | undefined;
  readonly eventId?: string | undefined;
  readonly latitude?: number | undefined;
  readonly longitude?: number | undefined;
}

/** Who sends a photo, by their token. */
export interface Creator {
  readonly creatorId: string;
  /** An IANA name; empty when it is not known. */
  readonly timeZone: string;
}

/** A row for a photo that was never seen, with all its keys chosen. */
export function newUpload(input: {
  creator: Creator;
  fields: PhotoFields;
  title: string;
  file: Pick<SpooledFile, 'sha256'> & { readonly sizeBytes: number | bigint; readonly crc32: number | bigint | null };
  format: PictureFormat;
  receivedAs?: string | undefined;
  now: Date;
}): Insertable<UploadSchema['uploads']> {
  const { fields, file, now } = input;
  return {
    photo_id: newId(),
    creator_id: input.creator.creatorId,
    time_zone: input.creator.timeZone || null,
    sha256: file.sha256,
    size_bytes: BigInt(file.sizeBytes),
    crc32: file.crc32 === null ? null : BigInt(file.crc32),
    format: input.format,
    state: 'intended',
    failure_reason: null,
    title: input.title,
    description: fields.description ?? '',
    price_idr: fields.priceIdr,
    sale: fields.sale ?? 'shared',
    event_id: fields.eventId ?? null,
    latitude: fields.latitude ?? null,
    longitude: fields.longitude ?? null,
    original_key: newObjectKey(),
    compressed_key: newObjectKey(),
    preview_key: newObjectKey(),
    preview_small_key: newObjectKey(),
    thumbnail_key: newObjectKey(),
    thumbnail_small_key: newObjectKey(),
    processed_key: newObjectKey(),
    derive_count_max: deriveTriesMax,
    created_at: now,
    updated_at: now,
    received_as: input.receivedAs ?? null,
  };
}

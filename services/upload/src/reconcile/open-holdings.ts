import { pictureFormats } from '@kilas/pictures/picture-format.ts';
import { openForReading } from '@kilas/platform/db/open-for-reading.ts';
import { Jobs } from '@kilas/platform/jobs/jobs.ts';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { systemClock } from '@kilas/platform/process/clock.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { deleteQuarantined } from '@kilas/platform/risky-work/risky-work-store.ts';
import { type HoldingsOptions, menderOn } from '@kilas/platform/service/holdings.ts';
import type { Bucket } from '@kilas/storage/buckets.ts';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { UploadSchema } from '../db/schema.ts';
import { recognisePhotoJob } from '../derivatives/jobs.ts';
import { eraseFacecams } from '../facecams/erase-facecams.ts';
import { deleteFacecam, forgetSelfie, markLost as markFacecamLost } from '../facecams/facecam-store.ts';
import { enrolFacecamJob } from '../facecams/jobs.ts';
import { accept } from '../uploads/complete-intent.ts';
import { deletePhotos } from '../uploads/delete-photos.ts';
import { deriveAgain } from '../uploads/retry-upload.ts';
import { newUpload, type Sale } from '../uploads/upload.ts';
import { insertIntent, markLost } from '../uploads/upload-store.ts';
import { holdingsIn, type NamedKey, withNamedKeys } from './held-store.ts';

export type { NamedKey };

export async function openHoldings({ databaseUrl, before }: HoldingsOptions) {
  const db = openForReading<UploadSchema>(databaseUrl);
  const jobs = new Jobs({ databaseUrl, log: openLog('operator', 'error') });
  await jobs.start([]);
  return {
    holds: holdingsIn(db, before),
    mends: mendsIn(db, jobs),
    withNamedKeys: <T>(bucket: Bucket, run: (keys: AsyncIterable<NamedKey>) => Promise<T>) =>
      withNamedKeys(db, bucket, run),
    close: async () => {
      await jobs.stop();
      await db.destroy();
    },
  };
}

/** A photo as the catalogue has it. */
export interface PhotoInCatalogue {
  readonly id: string;
  readonly creatorId: string;
  readonly eventId: string | null;
  readonly title: string;
  readonly description: string;
  readonly priceIdr: bigint;
  readonly sale: Sale;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly sha256: string;
  readonly sizeBytes: bigint;
  readonly format: string;
  readonly originalKey: string;
  readonly previewKey: string | null;
  readonly previewSmallKey: string | null;
  readonly thumbnailKey: string | null;
  readonly thumbnailSmallKey: string | null;
  readonly processedKey: string | null;
  readonly timeZone: string | null;
  readonly uploadedAt: Date;
}

interface Thing {
  readonly id: string;
}

function mendsIn(db: Kysely<UploadSchema>, jobs: Jobs) {
  const ctx = { jobs, clock: systemClock };
  const mend = menderOn(db);
  return {
    eraseMembers: mend<{ memberId: string; epoch: number }>((tx, member) => eraseFacecams(ctx, tx, member)),
    /** The selfies are objects that nobody names from then on. */
    deleteFacecams: mend<Thing>((tx, { id }) => deleteFacecam(tx, id)),
    failFacecams: mend<Thing>((tx, { id }) => markFacecamLost(tx, id, 'PROCESSING_FAILED')),
    forgetSelfies: mend<Thing>((tx, { id }) => forgetSelfie(tx, id)),
    enrolAgain: mend<Thing>(async (tx, { id }) => {
      await jobs.send(tx, enrolFacecamJob, { facecamId: id });
    }),
    recogniseAgain: mend<Thing>(async (tx, { id }) => {
      await jobs.send(tx, recognisePhotoJob, { photoId: id });
    }),
    /** All images that are missing are made once more, and the photo is published and recognised after them. */
    deriveAgain: mend<Thing>((tx, { id }) => deriveAgain(ctx, tx, id, ['accepted', 'processed', 'failed'])),
    /** Photos that their creator deleted, with their objects. */
    deletePhotos: mend<Thing>((tx, { id }) => deletePhotos(ctx, tx, [id])),
    failUploads: mend<Thing & { reason: string }>((tx, { id, reason }) =>
      markLost(tx, { photoId: id, reason, now: ctx.clock.now() }),
    ),
    /** Takes photos of the catalogue back, and has their images made; not those that their creator sent again. */
    rebuildUploads: mend<PhotoInCatalogue>(async (tx, photo) => {
      const upload = await insertIntent(tx, uploadOf(photo));
      if (upload !== undefined) await accept(ctx, tx, photo.id);
    }),
    release: mend<Thing>((tx, { id }) => deleteQuarantined(tx, id)),
  };
}

function uploadOf(photo: PhotoInCatalogue) {
  const upload = newUpload({
    creator: { creatorId: photo.creatorId, timeZone: photo.timeZone ?? '' },
    fields: {
      ...photo,
      eventId: photo.eventId ?? undefined,
      latitude: photo.latitude ?? undefined,
      longitude: photo.longitude ?? undefined,
    },
    title: photo.title,
    // Nobody but this service has counted it.
    file: { ...photo, crc32: null },
    format: z.enum(pictureFormats).parse(photo.format),
    now: photo.uploadedAt,
  });
  return {
    ...upload,
    photo_id: photo.id,
    original_key: photo.originalKey,
    processed_key: photo.processedKey ?? newObjectKey(),
    // Those of a photo that was on sale are as the catalogue shows it; one without small images stays without them.
    ...(photo.previewKey === null || photo.thumbnailKey === null
      ? {}
      : {
          preview_key: photo.previewKey,
          preview_small_key: photo.previewSmallKey,
          thumbnail_key: photo.thumbnailKey,
          thumbnail_small_key: photo.thumbnailSmallKey,
        }),
  };
}

import { statfs } from 'node:fs/promises';
import type { RiskyWork } from '@kilas/platform/risky-work/risky-work.ts';
import type { BaseContext } from '@kilas/platform/service/base-context.ts';
import { refusalNameOf } from '@kilas/platform/telemetry/error-type.ts';
import { Count, Reading, remembered } from '@kilas/platform/telemetry/metrics.ts';
import { quarantined } from '@kilas/storage/quarantined.ts';
import type { Room } from './spool/room.ts';
import type { Spool } from './spool/spool.ts';

const photosReceived = new Count(
  'upload',
  'kilas_photos_received_total',
  'Photo files received, by what became of them',
  {
    outcome: [
      'accepted',
      'duplicate',
      'FILE_CHECKSUM_WRONG',
      'FILE_EMPTY',
      'FILE_TOO_LARGE',
      'HEIC_NOT_SUPPORTED',
      'IMAGE_BROKEN',
      'IMAGE_QUARANTINED',
      'IMAGE_TOO_LONG',
      'IMAGE_TOO_MANY_PIXELS',
      'IMAGE_TRUNCATED',
      'NOT_AN_IMAGE',
      'RAW_NOT_SUPPORTED',
      'TOO_MANY_REQUESTS',
      'UPLOADS_BUSY',
      'error',
    ],
  },
);

export const facecamsFailed = new Count(
  'upload',
  'kilas_facecams_failed_total',
  'Selfies that could not be enrolled after they were accepted',
  {
    reason: [
      'FACECAM_NO_FACE',
      'FACECAM_NOT_THE_SAME_PERSON',
      'IMAGE_BROKEN',
      'IMAGE_QUARANTINED',
      'PROCESSING_FAILED',
    ],
  },
);

const bytesAccepted = new Count('upload', 'kilas_photo_bytes_accepted_total', 'Bytes of the photos accepted', {});

const withoutRoom = new Count(
  'upload',
  'kilas_uploads_without_room_total',
  'Uploads refused because a disk has too little room',
  {},
);

const spoolBytes = new Reading('kilas_spool_bytes', 'Bytes of files on their way, in the spool');
const diskFree = new Reading('kilas_disk_free_bytes', 'What is free on the disk of a folder', ['folder']);
const diskSize = new Reading('kilas_disk_size_bytes', 'How large the disk of a folder is', ['folder']);

const diskFreeMin = new Reading('kilas_disk_free_min_bytes', 'Below so much free room uploads are refused', ['folder']);
const roomPromised = new Reading(
  'kilas_room_promised_bytes',
  'What is kept free for the uploads that are being received',
);

export function countWithoutRoom(): void {
  withoutRoom.add({});
}

/** Counts what became of a received file. */
export async function countPhoto<Photo extends { readonly isNew: boolean }>(
  sizeBytes: number,
  accept: () => Promise<Photo>,
): Promise<Photo> {
  try {
    const photo = await accept();
    photosReceived.add({ outcome: photo.isNew ? 'accepted' : 'duplicate' });
    if (photo.isNew) bytesAccepted.add({}, sizeBytes);
    return photo;
  } catch (error) {
    photosReceived.add({ outcome: refusalNameOf(error) });
    throw error;
  }
}

type Measuring = Pick<BaseContext<never>, 'measure'>;

/** Shows at each scrape how full the spool and its disk are. */
export function measureSpool(ctx: Measuring & { readonly spool: Spool; readonly room: Room }): void {
  const disk = remembered(1_000, () => statfs(ctx.spool.folder));
  const labels = { folder: 'spool' };
  ctx.measure(spoolBytes, async () => [{ labels: {}, value: await ctx.spool.sizeBytes() }]);
  ctx.measure(diskFreeMin, async () => [{ labels, value: ctx.room.freeMinBytes }]);
  ctx.measure(roomPromised, async () => [{ labels: {}, value: ctx.room.promisedBytes }]);
  ctx.measure(diskFree, async () => {
    const { bavail, bsize } = await disk();
    return [{ labels, value: bavail * bsize }];
  });
  ctx.measure(diskSize, async () => {
    const { blocks, bsize } = await disk();
    return [{ labels, value: blocks * bsize }];
  });
}

/** Shows at each scrape how many pictures are not tried any more. */
export function measureQuarantine(ctx: Measuring & { readonly risky: RiskyWork }): void {
  const count = remembered(30_000, () => ctx.risky.countQuarantined());
  ctx.measure(quarantined, async () => [{ labels: {}, value: await count() }]);
}

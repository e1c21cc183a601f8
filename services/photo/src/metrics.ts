import { Count } from '@kilas/platform/telemetry/metrics.ts';

export const matchesRecorded = new Count(
  'photo',
  'kilas_matches_recorded_total',
  'Members newly found in a photo, shown to them or not',
  {},
);

export const photosFailed = new Count(
  'photo',
  'kilas_photos_failed_total',
  'Photos that failed after they were accepted: not on sale (photo), or on sale with nobody found in them (recognition)',
  {
    part: ['photo', 'recognition'],
    reason: [
      'IMAGE_BROKEN',
      'IMAGE_QUARANTINED',
      'IMAGE_TOO_LARGE',
      'ORIGINAL_MISSING',
      'PROCESSING_FAILED',
      'UPLOAD_ABANDONED',
    ],
  },
);

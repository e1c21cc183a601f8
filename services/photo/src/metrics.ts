import { Count } from '@kilas/platform/telemetry/metrics.ts';

export const matchesRecorded = new Count(
  'photo',
  'kilas_matches_recorded_total',
  'Members newly found in a photo, shown to them or not',
  {},
);

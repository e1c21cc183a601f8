import { Reading } from '@kilas/platform/telemetry/metrics.ts';

/** Of every service that looks at pictures. */
export const quarantined = new Reading(
  'kilas_pictures_quarantined',
  'Pictures that are not tried any more because processes died of them',
);

import type { JobKind } from '@kilas/platform/jobs/jobs.ts';
import { z } from 'zod';

/** Sent with each order for the moment it ends. When the provider stays away, the reconciler goes on trying. */
export const expireOrderJob: JobKind<{ orderId: string }> = {
  name: 'expire-order',
  data: z.object({ orderId: z.guid() }),
  retryCountMax: 5,
  retryDelaySeconds: 2,
  retryDelayMaxSeconds: 60,
  timeoutSeconds: 60,
};

/** Every minute; a run that fails is followed by the next one. */
export const reconcileOrdersJob: JobKind<Record<string, never>> = {
  name: 'reconcile-orders',
  data: z.record(z.string(), z.never()),
  retryCountMax: 0,
  retryDelaySeconds: 1,
  retryDelayMaxSeconds: 1,
  timeoutSeconds: 300,
};

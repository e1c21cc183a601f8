import { type JobKind, timedJob } from '@kilas/platform/jobs/job-kinds.ts';
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
export const reconcileOrdersJob = timedJob({
  name: 'reconcile-orders',
  cron: '* * * * *',
  timeoutSeconds: 300,
});

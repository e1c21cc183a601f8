import { timedJob } from '@kilas/platform/jobs/job-kinds.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import { registrationKeptSeconds } from './accounts/account.ts';
import { deleteRegistrationsBefore, deleteVerificationLinksBefore } from './accounts/registration-store.ts';
import type { UserContext } from './context.ts';
import { notificationKeptSeconds } from './notifications/notification.ts';
import { deleteNotificationsBefore } from './notifications/notification-store.ts';
import { sessionKeptSeconds } from './sessions/session.ts';
import { deleteRefreshTokensRotatedBefore, deleteSessionsEndedBefore } from './sessions/session-store.ts';

export const forgetExpiredDaily = timedJob({
  name: 'forget-expired',
  cron: '17 19 * * *',
  retryCountMax: 3,
  retryDelaySeconds: 60,
  retryDelayMaxSeconds: 600,
  timeoutSeconds: 600,
});

/** Deletes what nobody needs any more; consents and their receipts stay. */
export async function forgetExpired(ctx: UserContext): Promise<void> {
  const ago = (seconds: number) => addSeconds(ctx.clock.now(), -seconds);
  await deleteRegistrationsBefore(ctx.db, ago(registrationKeptSeconds));
  await deleteVerificationLinksBefore(ctx.db, ago(registrationKeptSeconds));
  await deleteSessionsEndedBefore(ctx.db, ago(sessionKeptSeconds));
  await deleteRefreshTokensRotatedBefore(ctx.db, ago(sessionKeptSeconds));
  await deleteNotificationsBefore(ctx.db, ago(notificationKeptSeconds));
}

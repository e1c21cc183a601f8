import { refuse } from '@kilas/messages/refuse.ts';
import type { Db } from '@kilas/platform/db/database.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import type { UploadContext } from '../context.ts';
import type { UploadSchema } from '../db/schema.ts';
import { listEnrolmentsSince } from './enrolment-store.ts';
import { changesWindowDays } from './facecam.ts';

export const changesWindowSeconds = changesWindowDays * 86_400;

/** Refuses with FACECAM_CHANGES_EXHAUSTED, and when to come again, for a member who enrolled too often within 30 days. */
export async function checkChanges(ctx: UploadContext, db: Db<UploadSchema>, memberId: string): Promise<void> {
  const limit = ctx.config.FACECAM_CHANGES_PER_MONTH_MAX;
  const now = ctx.clock.now();
  const times = await listEnrolmentsSince(db, { memberId, since: addSeconds(now, -changesWindowSeconds), limit });
  const oldest = times.at(-1);
  if (times.length < limit || oldest === undefined) return;
  const freeAt = addSeconds(oldest, changesWindowSeconds);
  const retryAfterSeconds = Math.max(1, Math.ceil((freeAt.getTime() - now.getTime()) / 1000));
  refuse('FACECAM_CHANGES_EXHAUSTED', { max: String(limit), retryAfterSeconds: String(retryAfterSeconds) });
}

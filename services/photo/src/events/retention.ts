import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { EventRetentionSetSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { nearestShown } from '@kilas/platform/db/stored-time.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { timedJob } from '@kilas/platform/jobs/job-kinds.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import type { Transaction } from 'kysely';
import type { PhotoContext } from '../context.ts';
import type { EventRow, PhotoSchema } from '../db/schema.ts';
import { lockUntoldRetentions, retentionDaysReadMax, updateRetentionTold } from './event-store.ts';

export const tellRetentionsJob = timedJob({
  name: 'tell-retentions',
  cron: '*/10 * * * *',
  retryCountMax: 3,
  retryDelaySeconds: 10,
  retryDelayMaxSeconds: 60,
  timeoutSeconds: 120,
});

const eventsPerTransaction = 200;

/**
 * Until when nameless faces of the event are kept. Days have 24 hours: no time zone moves it. Of an event without an end that can
 * be written, the last time that can; `isUntold` of the store says the same in SQL.
 */
export function facesUntilOf({ ends_at, retention_days }: Pick<EventRow, 'ends_at' | 'retention_days'>): Date {
  return nearestShown(addSeconds(ends_at, Math.min(Math.max(retention_days, 0), retentionDaysReadMax) * 86_400));
}

/** Tells ai, in the transaction that made or changed the event. */
export async function tellRetention(ctx: PhotoContext, tx: Transaction<PhotoSchema>, event: EventRow): Promise<void> {
  const facesUntil = facesUntilOf(event);
  await updateRetentionTold(tx, event.event_id, facesUntil);
  const eventId = event.event_id;
  await ctx.outbox.publish(tx, EventRetentionSetSchema, eventId, {
    eventId,
    facesUntil: timestampFromDate(facesUntil),
  });
}

/** Tells ai of all events whose retention is not what it was told last, by whatever they were changed; ends when there is none. */
export async function tellRetentions(ctx: PhotoContext): Promise<void> {
  for (;;) {
    const count = await transact(ctx.db, async (tx) => {
      const events = await lockUntoldRetentions(tx, eventsPerTransaction);
      for (const event of events) await tellRetention(ctx, tx, event);
      return events.length;
    });
    if (count < eventsPerTransaction) return;
  }
}

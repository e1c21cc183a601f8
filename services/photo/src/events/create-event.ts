import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { newId, newSecret } from '@kilas/platform/process/ids.ts';
import type { PhotoContext } from '../context.ts';
import type { EventRow } from '../db/schema.ts';
import { checkTimes, checkTimeZone } from './event-input.ts';
import { insertEvent } from './event-store.ts';
import { tellRetention } from './retention.ts';

export interface CreateEventInput {
  readonly ownerId: string;
  readonly name: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly timeZone: string;
  readonly place: string | null;
  readonly visibility: EventRow['visibility'];
  readonly retentionDays: number;
}

/** Makes an event whose owner is the first of its creators; answers its id. */
export async function createEvent(ctx: PhotoContext, input: CreateEventInput): Promise<string> {
  await takeAttempt(ctx.limits.eventsByCreator, input.ownerId);
  await checkTimeZone(ctx, input.timeZone);
  const row: EventRow = {
    event_id: newId(),
    owner_id: input.ownerId,
    name: input.name,
    starts_at: input.startsAt,
    ends_at: input.endsAt,
    time_zone: input.timeZone,
    place: input.place,
    visibility: input.visibility,
    share_token: newSecret(),
    retention_days: input.retentionDays,
    created_at: ctx.clock.now(),
    faces_until_told: null,
    cover_photo_id: null,
  };
  checkTimes(ctx, row);
  await transact(ctx.db, async (tx) => {
    await insertEvent(tx, row);
    await tellRetention(ctx, tx, row);
  });
  return row.event_id;
}

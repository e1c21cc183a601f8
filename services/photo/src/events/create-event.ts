import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import { newId, newSecret } from '@kilas/platform/process/ids.ts';
import { isTimeZone, isZoneOfDatabase } from '@kilas/platform/values/time-zone.ts';
import type { PhotoContext } from '../context.ts';
import type { EventRow } from '../db/schema.ts';
import { insertEvent } from './event-store.ts';
import { tellRetention } from './retention.ts';

const daySeconds = 86_400;
/** Marathons are announced a year ahead, and more. */
const aheadDaysMax = 731;
/** A league plays for a season. */
const lengthDaysMax = 366;

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
  const isZone = isTimeZone(input.timeZone) && (await isZoneOfDatabase(ctx.db, input.timeZone));
  if (!isZone) refuse('TIME_ZONE_UNKNOWN', { timeZone: input.timeZone });
  if (input.endsAt < input.startsAt) refuse('EVENT_ENDS_BEFORE_START');
  if (input.startsAt > addSeconds(ctx.clock.now(), aheadDaysMax * daySeconds))
    refuse('EVENT_TOO_FAR_AHEAD', { days: String(aheadDaysMax) });
  // Faces are kept until so many days after its end.
  if (input.endsAt > addSeconds(input.startsAt, lengthDaysMax * daySeconds))
    refuse('EVENT_TOO_LONG', { days: String(lengthDaysMax) });
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
  await transact(ctx.db, async (tx) => {
    await insertEvent(tx, row);
    await tellRetention(ctx, tx, row);
  });
  return row.event_id;
}

import { refuse } from '@kilas/messages/refuse.ts';
import { badRequest } from '@kilas/platform/problems/bad-request.ts';
import { fieldIssue } from '@kilas/platform/problems/field-problem.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import { instant, isWithinBounds, opaque, wholeNumber } from '@kilas/platform/values/bounds.ts';
import { line, optionalLine } from '@kilas/platform/values/text.ts';
import { isTimeZone, isZoneOfDatabase } from '@kilas/platform/values/time-zone.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { visibilities } from './event.ts';
import { facesUntilOf } from './retention.ts';

const daySeconds = 86_400;
/** Marathons are announced a year ahead, and more. */
const aheadDaysMax = 731;
/** A league plays for a season. */
const lengthDaysMax = 366;

/** What the owner of an event says of it. */
export const eventInput = z.strictObject({
  name: line(120),
  startsAt: instant,
  endsAt: instant,
  timeZone: opaque(64).describe('IANA name, e.g. Asia/Jakarta'),
  place: optionalLine(200).nullish(),
  visibility: z.enum(visibilities),
  retentionDays: wholeNumber(1, 365),
});

/** Refuses a time zone that nobody, or the database, knows. Not in a transaction, which the question may end. */
export async function checkTimeZone(ctx: Pick<PhotoContext, 'db'>, timeZone: string): Promise<void> {
  const isZone = isTimeZone(timeZone) && (await isZoneOfDatabase(ctx.db, timeZone));
  if (!isZone) refuse('TIME_ZONE_UNKNOWN', { timeZone });
}

/** Refuses times that no event has, and a retention that ends when no time can be written. */
export function checkTimes(
  { clock }: Pick<PhotoContext, 'clock'>,
  event: { readonly starts_at: Date; readonly ends_at: Date; readonly retention_days: number },
): void {
  if (!isWithinBounds(facesUntilOf(event)))
    throw badRequest('the retention ends too late', [fieldIssue('/endsAt', 'FIELD_TIME_RANGE')]);
  if (event.ends_at < event.starts_at) refuse('EVENT_ENDS_BEFORE_START');
  if (event.starts_at > addSeconds(clock.now(), aheadDaysMax * daySeconds))
    refuse('EVENT_TOO_FAR_AHEAD', { days: String(aheadDaysMax) });
  // Faces are kept until so many days after its end.
  if (event.ends_at > addSeconds(event.starts_at, lengthDaysMax * daySeconds))
    refuse('EVENT_TOO_LONG', { days: String(lengthDaysMax) });
}

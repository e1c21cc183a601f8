import { refuse } from '@kilas/messages/refuse.ts';
import { isTimeZone, isZoneOfDatabase } from '@kilas/platform/values/time-zone.ts';
import type { UserContext } from '../context.ts';

/** Refuses with TIME_ZONE_UNKNOWN what browsers or PostgreSQL do not know as a zone. */
export async function checkTimeZone(ctx: UserContext, timeZone: string): Promise<void> {
  const isZone = isTimeZone(timeZone) && (await isZoneOfDatabase(ctx.db, timeZone));
  if (!isZone) refuse('TIME_ZONE_UNKNOWN', { timeZone });
}

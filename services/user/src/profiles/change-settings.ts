import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import type { Locale } from '@kilas/platform/problems/problem.ts';
import { isTimeZone, isZoneOfDatabase } from '@kilas/platform/values/time-zone.ts';
import { updateSettings } from '../accounts/account-store.ts';
import type { UserContext } from '../context.ts';
import { tellChanged } from '../identities/tell-changed.ts';

export interface Settings {
  /** Null: the default. */
  readonly matchLevel?: number | null | undefined;
  readonly locale?: Locale | undefined;
  /** Null: the installation's. */
  readonly timeZone?: string | null | undefined;
}

/** Changes what a member chose of their account; what is left out stays. Refuses with TIME_ZONE_UNKNOWN, TOO_MANY_REQUESTS. */
export async function changeSettings(ctx: UserContext, accountId: string, settings: Settings): Promise<void> {
  const { matchLevel, locale, timeZone } = settings;
  await takeAttempt(ctx.limits.settingsChangesByAccount, accountId);
  if (typeof timeZone === 'string') await checkTimeZone(ctx, timeZone);
  await updateSettings(ctx.db, accountId, {
    ...(matchLevel === undefined ? {} : { match_level: matchLevel }),
    ...(locale === undefined ? {} : { locale }),
    ...(timeZone === undefined ? {} : { time_zone: timeZone }),
  });
  await tellChanged(ctx, accountId);
}

/** Refuses with TIME_ZONE_UNKNOWN what browsers or PostgreSQL do not know as a zone. */
async function checkTimeZone(ctx: UserContext, timeZone: string): Promise<void> {
  const isZone = isTimeZone(timeZone) && (await isZoneOfDatabase(ctx.db, timeZone));
  if (!isZone) refuse('TIME_ZONE_UNKNOWN', { timeZone });
}

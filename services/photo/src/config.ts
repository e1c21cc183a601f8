import { amountMaxIdr } from '@kilas/platform/bounds.ts';
import { type Env, parseEnv } from '@kilas/platform/config.ts';
import { type JournalEnv, journalEnv, journalStoreEnv } from '@kilas/platform/journal-config.ts';
import { type ObjectsEnv, objectsEnv } from '@kilas/platform/objects-config.ts';
import { serviceEnv } from '@kilas/platform/service-config.ts';
import { z } from 'zod';
import type { MatchCut } from './matches/match-cut.ts';

export const photoEnv = serviceEnv.extend(journalEnv.shape).extend({
  PRICE_MAX_IDR: z.coerce.number().int().positive().max(amountMaxIdr).default(100_000_000),
  /** Strangers that a member may expect to be shown in an event. */
  STRANGERS_PER_EVENT_MAX: z.coerce.number().positive().default(0.5),
  /** The loosest level shown to a member who chose none, however few faces were searched. */
  DEFAULT_LEVEL_MIN: z.coerce.number().int().min(1).max(9).default(3),
  LINK_LIFETIME_SECONDS: z.coerce.number().int().min(30).max(3600).default(300),
});

export type PhotoConfig = ObjectsEnv & JournalEnv & z.output<typeof photoEnv>;

/** Throws one ConfigError that lists every problem. */
export function readConfig(env: Env): PhotoConfig {
  return parseEnv(z.intersection(z.intersection(objectsEnv(env), journalStoreEnv(env)), photoEnv), env);
}

/** The cut of a member who chose no level, in an installation that configured nothing. */
export function defaultCut(): Omit<MatchCut, 'levelChosen'> {
  const { DEFAULT_LEVEL_MIN, STRANGERS_PER_EVENT_MAX } = photoEnv.shape;
  return { levelMin: DEFAULT_LEVEL_MIN.parse(undefined), strangersMax: STRANGERS_PER_EVENT_MAX.parse(undefined) };
}

import { defaultCutEnv } from '@kilas/matching/default-cut.ts';
import { type ObjectsEnv, objectsEnv } from '@kilas/platform/objects/objects-config.ts';
import { type Env, parseEnv } from '@kilas/platform/process/env.ts';
import { serviceEnv } from '@kilas/platform/service/service-config.ts';
import { amountMaxIdr } from '@kilas/platform/values/bounds.ts';
import { type ErasureJournalEnv, erasureJournalEnv, erasureJournalStoreEnv } from '@kilas/storage/erasure-journal.ts';
import { z } from 'zod';

export const photoEnv = serviceEnv
  .extend(erasureJournalEnv.shape)
  .extend(defaultCutEnv.shape)
  .extend({
    PRICE_MAX_IDR: z.coerce.number().int().positive().max(amountMaxIdr).default(100_000_000),
    LINK_LIFETIME_SECONDS: z.coerce.number().int().min(30).max(3600).default(300),
  });

export type PhotoConfig = ObjectsEnv & ErasureJournalEnv & z.output<typeof photoEnv>;

/** Throws one ConfigError that lists every problem. */
export function readConfig(env: Env): PhotoConfig {
  return parseEnv(z.intersection(z.intersection(objectsEnv(env), erasureJournalStoreEnv(env)), photoEnv), env);
}

import type { DefaultCut } from '@kilas/matching/default-cut.ts';
import type { Db } from '@kilas/platform/db/database.ts';
import type { AiSchema } from '../db/schema.ts';

/** Cuts that one installation ever had, at most. */
const cutsMax = 1000;

/** Notes the cut that is configured, as the newest. */
export async function upsertDefaultCut(db: Db<AiSchema>, cut: DefaultCut, now: Date): Promise<void> {
  await db
    .insertInto('default_cuts')
    .values({ level_min: cut.levelMin, strangers_max: cut.strangersMax, used_at: now })
    .onConflict((conflict) => conflict.columns(['level_min', 'strangers_max']).doUpdateSet({ used_at: now }))
    .execute();
}

/** All cuts that ever held, the one that is configured first. */
export async function listDefaultCuts(db: Db<AiSchema>): Promise<[DefaultCut, ...DefaultCut[]]> {
  const rows = await db
    .selectFrom('default_cuts')
    .select(['level_min', 'strangers_max'])
    .orderBy('used_at', 'desc')
    .orderBy('level_min')
    .orderBy('strangers_max', 'desc')
    .limit(cutsMax)
    .execute();
  const [newest, ...others] = rows.map((row) => ({ levelMin: row.level_min, strangersMax: row.strangers_max }));
  if (newest === undefined) throw new Error('no cut is noted; the migrations note the first');
  return [newest, ...others];
}

import { asOwner } from '@kilas/platform/database-rights.ts';
import type { Log } from '@kilas/platform/log.ts';
import { type Kysely, sql } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { createNearIndex, hasNearIndex, type NearIndex } from './near-index.ts';

const checkIntervalMs = 60 * 60 * 1000;
/** For the build: what does not fit in memory takes many times as long. */
const buildMemory = '256MB';
/** One replica builds at a time. */
const upkeepLock = 7_308_324_465_820_164n;

export interface UpkeepOptions {
  /** Of the role that owns the tables: the service's own has no right to change them. */
  readonly ownerUrl: string;
  /** Up to so many faces of a pack are searched exactly. */
  readonly exactMax: number;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/**
 * Makes the indexes that are missing, now and each hour, while the service goes on with exact searches. Answers how to stop;
 * what is being built is waited for by nobody and given up with its connection.
 */
export function startIndexUpkeep(db: Kysely<AiSchema>, options: UpkeepOptions): () => void {
  let isRunning = false;
  let isStopped = false;
  const run = async () => {
    if (isRunning) return;
    isRunning = true;
    try {
      await keepIndexes(db, options);
    } catch (error) {
      if (!isStopped) options.log.warn({ err: error }, 'an index of faces is missing; the search is exact meanwhile');
    } finally {
      isRunning = false;
    }
  };
  run();
  const timer = setInterval(run, checkIntervalMs).unref();
  return () => {
    isStopped = true;
    clearInterval(timer);
  };
}

/** Makes the index of each pack whose faces have outgrown the exact search; answers which. */
export async function keepIndexes(db: Kysely<AiSchema>, options: UpkeepOptions): Promise<NearIndex[]> {
  const missing = await listMissingIndexes(db, options.exactMax);
  if (missing.length === 0) return [];
  return asOwner(options.ownerUrl, (owner) =>
    owner.connection().execute(async (session) => {
      const { rows } = await sql<{
        taken: boolean;
      }>`select pg_try_advisory_lock(${upkeepLock}) as taken`.execute(session);
      if (!rows[0]?.taken) return [];
      try {
        await sql`set maintenance_work_mem = ${sql.lit(buildMemory)}`.execute(session);
        for (const index of missing) {
          options.log.info({ packId: index.packId }, 'building an index of faces');
          await createNearIndex(session, index);
        }
        return missing;
      } finally {
        await sql`reset maintenance_work_mem`.execute(session);
        await sql`select pg_advisory_unlock(${upkeepLock})`.execute(session);
      }
    }),
  );
}

async function listMissingIndexes(db: Kysely<AiSchema>, exactMax: number): Promise<NearIndex[]> {
  const packs = await db.selectFrom('packs').select(['pack_id', 'dimension']).orderBy('pack_id').execute();
  const missing: NearIndex[] = [];
  for (const { pack_id: packId, dimension } of packs) {
    // Stops counting as soon as it is known.
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from
      (select from faces where pack_id = ${packId} limit ${exactMax + 1}) as stored`.execute(db);
    const isLarge = (rows[0]?.count ?? 0) > exactMax;
    if (isLarge && !(await hasNearIndex(db, packId))) missing.push({ packId, dimension });
  }
  return missing;
}

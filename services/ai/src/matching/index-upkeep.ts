import { buildAlone, createIndex, IndexBuildEnded, type IndexProgress } from '@kilas/platform/db/build-index.ts';
import type { Log } from '@kilas/platform/process/log.ts';
import type { Kysely } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import {
  buildNearIndex,
  countFaces,
  dropNearIndex,
  hasNearIndex,
  listMissingIndexes,
  memoryMbFor,
  type NearIndex,
} from './near-index-store.ts';

const checkIntervalMs = 60 * 60 * 1000;
/** While another replica builds, which may die of it, or after a build was ended before its time. */
const retryIntervalMs = 60 * 1000;
const logEveryMs = 60 * 1000;

export interface UpkeepOptions {
  /** Of the role that owns the tables: the service's own has no right to change them. */
  readonly ownerUrl: string;
  /** Up to so many faces of a pack are searched exactly. */
  readonly exactMax: number;
  /** A build gets no more, in MB; what does not fit takes many times as long. */
  readonly memoryMbMax: number;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/** What this process is building now. */
export interface BuildingIndex extends IndexProgress {
  readonly packId: string;
}

/** What is known of the indexes; undefined until it is. */
export interface UpkeepState {
  missing: number | undefined;
  building: BuildingIndex | undefined;
}

/**
 * Makes the indexes that are missing, now and each hour, while the service goes on with exact searches. What is being built at
 * `stop` is given up and waited for by nobody.
 */
export function startIndexUpkeep(
  db: Kysely<AiSchema>,
  options: UpkeepOptions,
): { readonly state: Readonly<UpkeepState>; stop(): void } {
  const stopped = new AbortController();
  const state: UpkeepState = { missing: undefined, building: undefined };
  let timer: NodeJS.Timeout | undefined;
  const run = async () => {
    let isDone = false;
    try {
      isDone = await keepIndexes(db, { ...options, signal: stopped.signal, state });
    } catch (error) {
      if (stopped.signal.aborted) return;
      if (error instanceof IndexBuildEnded) options.log.info({}, 'an index of faces gave way to a migration');
      else options.log.warn({ err: error }, 'an index of faces is missing; the search is exact meanwhile');
      isDone = !(error instanceof IndexBuildEnded);
    }
    if (!stopped.signal.aborted) timer = setTimeout(run, isDone ? checkIntervalMs : retryIntervalMs).unref();
  };
  run();
  return {
    state,
    stop: () => {
      stopped.abort();
      clearTimeout(timer);
    },
  };
}

interface KeepOptions extends UpkeepOptions {
  readonly signal?: AbortSignal;
  readonly state?: UpkeepState;
}

/** Makes the index of each pack whose faces have outgrown the exact search. False when another one is building. */
export async function keepIndexes(db: Kysely<AiSchema>, options: KeepOptions): Promise<boolean> {
  const missing = await listMissingIndexes(db, options.exactMax);
  if (options.state !== undefined) options.state.missing = missing.length;
  if (missing.length === 0) return true;
  const built = await buildIndexes(missing, options);
  if (built && options.state !== undefined) options.state.missing = 0;
  return built;
}

/** Makes these indexes, each in the memory that it needs or may have. False when another one is building. */
export async function buildIndexes(
  indexes: readonly NearIndex[],
  {
    ownerUrl,
    memoryMbMax,
    log,
    signal,
    state,
    onProgress,
  }: Omit<KeepOptions, 'exactMax'> & {
    readonly onProgress?: (building: BuildingIndex) => void;
  },
): Promise<boolean> {
  let packId = '';
  let loggedAt = performance.now();
  const tell = (progress: IndexProgress) => {
    const building = { packId, ...progress };
    if (state !== undefined) state.building = building;
    onProgress?.(building);
    if (performance.now() - loggedAt < logEveryMs) return;
    loggedAt = performance.now();
    log.info(building, 'an index of faces is being built');
  };
  const onNotice = (text: string) => {
    if (!/no longer fits into maintenance_work_mem/.test(text)) return;
    log.warn(
      { packId, memoryMbMax },
      `${text}: what is left takes many times as long; give it more (AI_INDEX_MEMORY_MB)`,
    );
  };
  try {
    const isBuilt = await buildAlone(
      { ownerUrl, onProgress: tell, onNotice, ...(signal && { signal }) },
      async (session) => {
        for (const index of indexes) {
          if (await hasNearIndex(session, index.packId)) continue;
          packId = index.packId;
          const faces = await countFaces(session, packId);
          const memoryMb = Math.min(memoryMbFor(faces, index.dimension), memoryMbMax);
          const startedAt = performance.now();
          log.info({ packId, faces, memoryMb }, 'building an index of faces');
          await createIndex(session, {
            memoryMb,
            drop: () => dropNearIndex(session, packId),
            create: () => buildNearIndex(session, index),
          });
          const seconds = Math.round((performance.now() - startedAt) / 1000);
          log.info({ packId, faces, seconds }, 'an index of faces is built');
        }
        return true;
      },
    );
    return isBuilt === true;
  } finally {
    if (state !== undefined) state.building = undefined;
  }
}

import type { AiSchema } from '@kilas/ai/db/schema.ts';
import { listNearFaces } from '@kilas/ai/matching/match-store.ts';
import { proposeFaces } from '@kilas/ai/matching/propose.ts';
import type { Kysely } from 'kysely';
import { round } from '../numbers.ts';
import { packId } from './tables.ts';
import type { Truth } from './truth.ts';

export interface Measured {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly recallMean: number;
  readonly recallWorst: number;
  /** Of the searches with an index: those that were left to the exact one. */
  readonly exactCount?: number;
}

export interface MeasureOptions {
  readonly db: Kysely<AiSchema>;
  /** Facecams, in the order of the truths. */
  readonly facecamIds: readonly string[];
  readonly truths: readonly Truth[];
  /** The number of each stored face, by its id. */
  readonly numberOf: ReadonlyMap<string, number>;
  readonly onProgress: (count: number) => void;
}

/** Searches as the service does for a new facecam: the whole way, what indexes propose included. */
export async function measureSearch(kind: 'exact' | 'index', options: MeasureOptions): Promise<Measured> {
  const { db, facecamIds, truths, numberOf } = options;
  const times: number[] = [];
  const recalls: number[] = [];
  let exactCount = 0;
  for (const [index, facecamId] of facecamIds.entries()) {
    const startedAt = performance.now();
    const proposed = kind === 'index' ? await proposeFaces(db, facecamId) : new Map<string, string[]>();
    const found = await listNearFaces(db, facecamId, proposed);
    times.push(performance.now() - startedAt);
    if (kind === 'index' && !proposed.has(packId)) exactCount++;
    const truth = truths[index];
    if (truth === undefined) throw new Error('a query has no truth');
    const numbers = found.map(({ faceId }) => numberOf.get(faceId) ?? -1);
    const isRight = (number: number) => truth.within.has(number);
    const wrong = numbers.filter((number) => number < 0 || !(isRight(number) || truth.undecided.has(number)));
    if (wrong.length > 0) throw new Error(`${wrong.length} faces were found that are not within the cut`);
    const wanted = [...truth.within].filter((number) => number < numberOf.size).length;
    recalls.push(wanted === 0 ? 1 : numbers.filter(isRight).length / wanted);
    if (index % 100 === 99) options.onProgress(index + 1);
  }
  times.sort((a, b) => a - b);
  if (exactCount === facecamIds.length) throw new Error('the index proposed nothing: is it there?');
  return {
    ...(kind === 'index' ? { exactCount } : {}),
    p50Ms: round(times[Math.floor(times.length * 0.5)] ?? 0, 2),
    p95Ms: round(times[Math.floor(times.length * 0.95)] ?? 0, 2),
    recallMean: round(recalls.reduce((sum, value) => sum + value, 0) / recalls.length, 5),
    recallWorst: round(Math.min(...recalls), 4),
  };
}

import type { Vacuum } from '@kilas/platform/db/vacuum.ts';
import type { DeletionProof } from '@kilas/platform/events/deletion-proof.ts';
import { deliverTimeoutMs } from '@kilas/platform/events/events.ts';
import type { AiContext } from '../context.ts';
import type { ErasedVector } from './erased-vector.ts';
import { type Erasure, findErasure, markGone, markUnsearchable } from './erasure-store.ts';
import { probeVectors } from './probe-vectors.ts';

/** Whoever waits for the proof hears soon that it is not there yet, and asks again while VACUUM goes on. */
const vacuumWaitMs = deliverTimeoutMs / 2;

export type ProofContext = Pick<AiContext, 'db' | 'clock' | 'log'> & {
  readonly vacuum: Pick<Vacuum, 'run' | 'runFor'>;
};

export interface Claim {
  readonly erasureId: string;
  /** Who withdrew; absent where a retention ended. */
  readonly memberId?: string;
  /** What was erased, where this process has just done so. */
  readonly vectors?: readonly ErasedVector[];
  /** Counts rows that should not be there: all that a process can do which does not know the vectors. */
  readonly countRows: () => Promise<number>;
}

/**
 * After the commit of an erasure, looks for the erased vectors, then removes them from tables and indexes. May run again after any step and on any
 * replica; nothing is proven twice. Reports and logs what is still found.
 */
export async function proveErasure(ctx: ProofContext, claim: Claim): Promise<DeletionProof> {
  const { erasureId } = claim;
  const before = await findErasure(ctx.db, erasureId);
  if (before?.gone_at != null) return proofOf(before);
  if (before?.unsearchable_at == null || before.vectors_probed === 0) {
    const found = await probeVectors(ctx.db, claim.vectors ?? [], claim.memberId);
    const probe = { ...found, survivors: Math.max(found.survivors, await claim.countRows()) };
    if (probe.survivors > 0) ctx.log.error({ erasureId, ...probe }, 'what was erased is still found');
    await markUnsearchable(ctx.db, erasureId, { at: ctx.clock.now(), ...probe });
  }
  const erasure = await findErasure(ctx.db, erasureId);
  if (erasure === undefined) throw new Error('an erasure left no note of itself');
  if (await ctx.vacuum.runFor(vacuumWaitMs)) await markGone(ctx.db, erasure, ctx.clock.now());
  return proofOf((await findErasure(ctx.db, erasureId)) ?? erasure);
}

function proofOf(erasure: Erasure): DeletionProof {
  if (erasure.unsearchable_at === null) throw new Error('an erasure was not looked for');
  return {
    unsearchableAt: erasure.unsearchable_at,
    goneAt: erasure.gone_at ?? undefined,
    vectorsProbed: erasure.vectors_probed,
    survivors: erasure.survivors,
    ...(erasure.cut_off_until === null ? {} : { cutOffUntil: erasure.cut_off_until }),
  };
}

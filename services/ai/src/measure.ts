import { remembered } from '@kilas/platform/telemetry/metrics.ts';
import { quarantined } from '@kilas/storage/quarantined.ts';
import { lines } from './analysis/analysis-queue.ts';
import { imagesPerEngine } from './analysis/engine-pool.ts';
import type { AiContext } from './context.ts';
import type { UpkeepState } from './matching/index-upkeep.ts';
import { engines, indexesMissing, indexRows, indexShare, overdue, packWaiting, waiting } from './metrics.ts';
import { countProgress } from './pack-changes/change-store.ts';
import { measureOverdue } from './retention/sweep-retention.ts';

/** Shows at each scrape how many images wait. */
export function measureAnalyser(ctx: AiContext): void {
  const readOverdue = remembered(30_000, () => measureOverdue(ctx));
  ctx.measure(overdue, async () => [{ labels: {}, value: await readOverdue() }]);
  const countQuarantined = remembered(30_000, () => ctx.risky.countQuarantined());
  ctx.measure(quarantined, async () => [{ labels: {}, value: await countQuarantined() }]);
  ctx.measure(engines, async () => [{ labels: {}, value: ctx.config.AI_CONCURRENCY * imagesPerEngine }]);
  ctx.measure(waiting, async () => lines.map((line) => ({ labels: { line }, value: ctx.analyser.countWaiting(line) })));
}

/** Shows which indexes are missing, and how far the one is that is being built. */
export function measureIndexes(ctx: AiContext, state: () => Readonly<UpkeepState> | undefined): void {
  const sampleOf = (value: number | undefined) => (value === undefined ? [] : [{ labels: {}, value }]);
  ctx.measure(indexesMissing, async () => sampleOf(state()?.missing));
  ctx.measure(indexRows, async () => sampleOf(state()?.building?.rows));
  ctx.measure(indexShare, async () => {
    const building = state()?.building;
    return building === undefined ? [] : [{ labels: { phase: building.phase }, value: building.share }];
  });
}

/** Shows how much a change of the model pack leaves to do. */
export function measureChange(ctx: AiContext): void {
  const count = remembered(60_000, async () => {
    const { old, currentId } = ctx.packs;
    if (old === undefined) return { photosWaiting: 0, membersWaiting: 0 };
    return countProgress(ctx.db, { packId: currentId, oldPackId: old.id });
  });
  ctx.measure(packWaiting, async () => {
    const { photosWaiting, membersWaiting } = await count();
    return [
      { labels: { what: 'photos' }, value: photosWaiting },
      { labels: { what: 'members' }, value: membersWaiting },
    ];
  });
}

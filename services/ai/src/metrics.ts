import { Reading, remembered } from '@kilas/platform/telemetry/metrics.ts';
import { quarantined } from '@kilas/storage/quarantined.ts';
import { lines } from './analysis/analysis-queue.ts';
import { imagesPerEngine } from './analysis/engine-pool.ts';
import type { AiContext } from './context.ts';
import type { UpkeepState } from './matching/index-upkeep.ts';
import { countProgress } from './pack-changes/change-store.ts';
import { measureOverdue } from './retention/sweep-retention.ts';

const engines = new Reading(
  'kilas_engines',
  'Images that the face engines of this process have in work when they are busy',
);
const packWaiting = new Reading(
  'kilas_pack_change_waiting',
  'Photos that the model pack in force has yet to see, and members who are not enrolled under it; 0 without a change',
  ['what'],
);
const waiting = new Reading('kilas_analyses_waiting', 'Images that wait for an engine', ['line']);

const overdue = new Reading(
  'kilas_faces_overdue_seconds',
  'Since when the longest overdue faces should be erased and proven to be gone; 0 when none is',
);

const indexesMissing = new Reading(
  'kilas_face_indexes_missing',
  'Packs with more faces than are searched exactly, and no index yet; as of the last look, an hour ago at most',
);
const indexRows = new Reading(
  'kilas_face_index_build_rows',
  'Faces in the index that this process builds now; absent without',
);
const indexShare = new Reading(
  'kilas_face_index_build_ratio',
  'Part of the faces that the build has passed in its phase, 0 to 1; absent without',
  ['phase'],
);

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

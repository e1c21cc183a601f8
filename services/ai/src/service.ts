import { defaultCutOf } from '@kilas/matching/default-cut.ts';
import { databaseUrlsOf } from '@kilas/platform/db/database-urls.ts';
import { registerSubscriptions } from '@kilas/platform/events/serve-events.ts';
import { startReplay } from '@kilas/platform/journal/replay-journal.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import { createServiceVerifier } from '@kilas/platform/rpc/service-token.ts';
import type { Service, Wiring } from '@kilas/platform/service/service.ts';
import { openErasureJournal } from '@kilas/storage/erasure-journal.ts';
import { type AiConfig, readConfig } from './config.ts';
import { type AiContext, openAiBase, openContext } from './context.ts';
import { embeddingTables, matchTables } from './db/schema.ts';
import { upsertDefaultCut } from './distances/default-cut-store.ts';
import { onCutOffFacesDue } from './erasures/on-cut-off-faces-due.ts';
import { keepLeads } from './facecams/keep-leads.ts';
import { onMatchAnswered } from './facecams/on-match-answered.ts';
import { onPhotosMoved } from './faces/on-photos-moved.ts';
import type { keepRepeating } from './keep-repeating.ts';
import { startIndexUpkeep } from './matching/index-upkeep.ts';
import { measureAnalyser, measureChange, measureIndexes } from './measure.ts';
import { registerPackRpc } from './pack-changes/rpc.ts';
import { readPacksInForce } from './packs/packs-in-force.ts';
import { registerPacks } from './packs/register-packs.ts';
import { tellPacks } from './packs/tell-packs.ts';
import { onPhotosDeleted } from './photos/on-photos-deleted.ts';
import { keepSweeping } from './retention/keep-sweeping.ts';
import { onEventRetentionSet } from './retention/on-event-retention-set.ts';
import { registerFaceRpc } from './rpc.ts';
import { RunningCalls } from './running-calls.ts';
import { keepTypical } from './typical-faces/keep-typical-faces.ts';
import { onConsentWithdrawn } from './withdrawals/on-consent-withdrawn.ts';

/**
 * Opens the service: the tables are brought up to date, every file of the model packs in force is checked; the face engine opens in
 * the background, and calls wait for it.
 */
export async function openService(env: Env, wiring: Wiring): Promise<Service> {
  const config = readConfig(env);
  const ctx = await openWithPacks(config, wiring);
  const calls = new RunningCalls();
  const erasures = [onConsentWithdrawn(ctx)];
  const subscriptions = [
    ...erasures,
    onCutOffFacesDue(ctx),
    onEventRetentionSet,
    onPhotosMoved,
    onPhotosDeleted(ctx, calls),
    onMatchAnswered(ctx, calls),
  ];
  let keepers: readonly ReturnType<typeof keepRepeating>[] = [];
  const stopKeepers = async () => {
    await Promise.all(keepers.map((keeper) => keeper.stop()));
    keepers = [];
  };
  const replay = await startReplay({
    db: ctx.db,
    journal: openErasureJournal(config),
    subscriptions: erasures,
    log: ctx.log,
  });
  await ctx.objects.prepare();
  ctx.analyser.engines.open();
  measureAnalyser(ctx);
  measureChange(ctx);
  let upkeep: ReturnType<typeof startIndexUpkeep> | undefined;
  measureIndexes(ctx, () => upkeep?.state);
  return {
    name: 'ai',
    log: ctx.log,
    verifyCaller: createServiceVerifier('ai', config.SERVICE_PUBLIC_KEYS, ctx.clock),
    rpc: (router) => {
      registerFaceRpc(router, ctx, calls);
      registerPackRpc(router, ctx, calls);
      registerSubscriptions(router, ctx.db, subscriptions, ctx.log);
    },
    http: () => {},
    // Not earlier: an operator who brings tables up to date has no secret and turns nothing.
    work: async () => {
      await ctx.turning.open();
      await ctx.risky.startCounting();
      if (keepers.length === 0) keepers = [keepSweeping(ctx), keepTypical(ctx), keepLeads(ctx)];
      upkeep?.stop();
      upkeep = startIndexUpkeep(ctx.db, {
        ownerUrl: databaseUrlsOf(config).ownerUrl,
        exactMax: config.AI_EXACT_SEARCH_MAX,
        memoryMbMax: config.AI_INDEX_MEMORY_MB,
        log: ctx.log,
      });
    },
    hold: async () => {
      await ctx.risky.stopCounting();
      await stopKeepers();
      await calls.settled();
    },
    ready: async () => ({
      ...(await ctx.ready()),
      erasures: replay.state(),
      objects: await ctx.objects.state(),
      engine: ctx.analyser.engines.isReady() ? 'ready' : 'away',
    }),
    close: async () => {
      replay.stop();
      await stopKeepers();
      upkeep?.stop();
      await calls.settled();
      await ctx.risky.close();
      await ctx.vacuum.settled();
      await ctx.analyser.engines.close();
      await ctx.close();
    },
  };
}

/** The tables come before the packs: where the configuration names none, the faces in them say which it is. */
async function openWithPacks(config: AiConfig, wiring: Wiring): Promise<AiContext> {
  const base = openAiBase(config, wiring);
  try {
    const vacuumed = [...embeddingTables, ...matchTables];
    await base.migrate(new URL('./db/migrations/', import.meta.url), { vacuumed });
    const ctx = openContext(base, config, await readPacksInForce(config, base));
    await registerPacks(ctx);
    await upsertDefaultCut(ctx.db, defaultCutOf(config), ctx.clock.now());
    await tellPacks(ctx);
    return ctx;
  } catch (error) {
    await base.close();
    throw error;
  }
}

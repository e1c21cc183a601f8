import { createAuth } from '@kilas/identity/auth.ts';
import { authenticateWith } from '@kilas/identity/authenticate-with.ts';
import { registerSubscriptions } from '@kilas/platform/events/serve-events.ts';
import { startReplay } from '@kilas/platform/journal/replay-journal.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import { createServiceVerifier } from '@kilas/platform/rpc/service-token.ts';
import type { Service, Wiring } from '@kilas/platform/service/service.ts';
import { openErasureJournal } from '@kilas/storage/erasure-journal.ts';
import { registerCollectionHttp } from './collections/http.ts';
import { readConfig } from './config.ts';
import { openContext } from './context.ts';
import { onCreatorJoined } from './creators/join-creator.ts';
import { appendOnly } from './db/schema.ts';
import { registerDeletionHttp } from './deletions/http.ts';
import { registerBrowseHttp } from './events/browse-http.ts';
import { registerEventCreatorsHttp } from './events/creators-http.ts';
import { registerEventHttp } from './events/http.ts';
import { tellRetentions, tellRetentionsJob } from './events/retention.ts';
import { registerExploreHttp } from './explore/http.ts';
import { onConsentWithdrawn } from './matches/erase-member.ts';
import { registerMatchHttp } from './matches/http.ts';
import { registerMatchRpc } from './matches/rpc.ts';
import { registerBulkHttp } from './photos/bulk-http.ts';
import { registerPhotoHttp } from './photos/http.ts';
import { registerPhotoRpc } from './photos/rpc.ts';
import { onPhotosReserved, onReservationEnded } from './sale/record-reservation.ts';
import { onPhotosSold } from './sale/record-sale.ts';
import { registerSaleRpc } from './sale/rpc.ts';
import { registerOwnEventsHttp } from './studio/events-http.ts';
import { registerOwnPhotosHttp } from './studio/photos-http.ts';
import { registerViewerHttp } from './viewers/http.ts';

/** Opens the service: its tables are brought up to date, nothing is served or worked on yet. */
export async function openService(env: Env, wiring: Wiring): Promise<Service> {
  const config = readConfig(env);
  const ctx = openContext(config, wiring);
  await ctx.migrate(new URL('./db/migrations/', import.meta.url), { appendOnly });
  await ctx.jobs.start([tellRetentionsJob]);
  await ctx.jobs.schedule(tellRetentionsJob);
  ctx.jobs.handle(tellRetentionsJob, 1, () => tellRetentions(ctx));
  ctx.outbox.handle(ctx.peers);
  const subscriptions = [onConsentWithdrawn, onCreatorJoined, onPhotosReserved, onReservationEnded, onPhotosSold];
  const replay = await startReplay({ db: ctx.db, journal: openErasureJournal(config), subscriptions, log: ctx.log });
  return {
    name: 'photo',
    log: ctx.log,
    verifyCaller: createServiceVerifier('photo', config.SERVICE_PUBLIC_KEYS, ctx.clock),
    rpc: (router) => {
      registerPhotoRpc(router, ctx);
      registerMatchRpc(router, ctx);
      registerSaleRpc(router, ctx);
      registerSubscriptions(router, ctx.db, subscriptions, ctx.log);
    },
    http: (app) => {
      const auth = createAuth(authenticateWith(ctx.peers), { shared: ctx.shared });
      registerEventHttp(app, ctx, auth);
      registerBrowseHttp(app, ctx, auth);
      registerEventCreatorsHttp(app, ctx, auth);
      registerPhotoHttp(app, ctx, auth);
      registerBulkHttp(app, ctx, auth);
      registerDeletionHttp(app, ctx, auth);
      registerOwnPhotosHttp(app, ctx, auth);
      registerOwnEventsHttp(app, ctx, auth);
      registerViewerHttp(app, ctx, auth);
      registerExploreHttp(app, ctx, auth);
      registerMatchHttp(app, ctx, auth);
      registerCollectionHttp(app, ctx, auth);
    },
    work: async () => {
      ctx.outbox.work();
      await ctx.jobs.work();
    },
    hold: async () => {
      await Promise.all([ctx.outbox.hold(), ctx.jobs.hold()]);
    },
    ready: async () => ({ ...(await ctx.ready()), erasures: replay.state() }),
    close: async () => {
      replay.stop();
      await ctx.outbox.stop();
      await ctx.jobs.stop();
      await ctx.close();
    },
  };
}

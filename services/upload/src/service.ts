import { createAuth } from '@kilas/identity/auth.ts';
import { authenticateWith } from '@kilas/identity/authenticate-with.ts';
import { registerSubscriptions } from '@kilas/platform/events/serve-events.ts';
import { registerFormRoutes } from '@kilas/platform/http/form.ts';
import { startReplay } from '@kilas/platform/journal/replay-journal.ts';
import { FileObjects } from '@kilas/platform/objects/file-objects.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import { createServiceVerifier } from '@kilas/platform/rpc/service-token.ts';
import type { Service, Wiring } from '@kilas/platform/service/service.ts';
import { openErasureJournal } from '@kilas/storage/erasure-journal.ts';
import { registerArchiveHttp } from './archives/http.ts';
import { registerArchiveRpc } from './archives/rpc.ts';
import { sweepArchives, sweepArchivesJob } from './archives/sweep-archives.ts';
import { readConfig } from './config.ts';
import { openContext, type UploadContext } from './context.ts';
import { derivePhoto } from './derivatives/derive-photo.ts';
import { publishPhotoJob, recognisePhotoJob } from './derivatives/jobs.ts';
import { publishPhoto } from './derivatives/publish-photo.ts';
import { recognisePhoto } from './derivatives/recognise-photo.ts';
import { enrolFacecam } from './facecams/enrol-facecam.ts';
import { onConsentWithdrawn } from './facecams/erase-facecams.ts';
import { registerFacecamHttp } from './facecams/http.ts';
import { enrolFacecamJob, forgetFacecamJob } from './facecams/jobs.ts';
import { forgetFacecam } from './facecams/remove-facecam.ts';
import { sweepSelfies, sweepSelfiesJob } from './facecams/sweep-selfies.ts';
import { measureQuarantine, measureSpool } from './metrics.ts';
import { deleteObject, deleteObjectJob } from './objects/delete-object.ts';
import { registerObjectHttp } from './objects/http.ts';
import { PackChangeFollower } from './packs/follow-pack-change.ts';
import { followPackChangeJob, renewSelfiesJob } from './packs/jobs.ts';
import { renewSelfies } from './packs/renew-selfies.ts';
import { registerResumableHttp } from './resumable/http.ts';
import { sweepResumable, sweepResumableJob } from './resumable/sweep-resumable.ts';
import { deletePhotoObjects, deletePhotoObjectsJob } from './uploads/delete-photos.ts';
import { sweepDiscarded, sweepDiscardedJob } from './uploads/discard-intent.ts';
import { registerUploadHttp } from './uploads/http.ts';
import { derivePhotoJob } from './uploads/jobs.ts';
import { onPhotosDeleted } from './uploads/on-photos-deleted.ts';
import { onPhotosMoved } from './uploads/on-photos-moved.ts';
import { sweepUploads, sweepUploadsJob } from './uploads/sweep-uploads.ts';

const jobKinds = [
  derivePhotoJob,
  publishPhotoJob,
  recognisePhotoJob,
  sweepUploadsJob,
  sweepDiscardedJob,
  sweepResumableJob,
  sweepArchivesJob,
  deletePhotoObjectsJob,
  enrolFacecamJob,
  forgetFacecamJob,
  sweepSelfiesJob,
  deleteObjectJob,
  followPackChangeJob,
  renewSelfiesJob,
];

/** Opens the service: its tables are brought up to date, nothing is served or worked on yet. */
export async function openService(env: Env, wiring: Wiring): Promise<Service> {
  const config = readConfig(env);
  const ctx = await openContext(config, wiring);
  await ctx.migrate(new URL('./db/migrations/', import.meta.url));
  await ctx.jobs.start(jobKinds);
  await ctx.jobs.schedule(sweepUploadsJob);
  await ctx.jobs.schedule(sweepResumableJob);
  await ctx.jobs.schedule(sweepArchivesJob);
  await ctx.jobs.schedule(sweepSelfiesJob);
  await ctx.jobs.schedule(followPackChangeJob);
  registerJobs(ctx);
  ctx.outbox.handle(ctx.peers);
  measureSpool(ctx);
  measureQuarantine(ctx);
  const subscriptions = [onConsentWithdrawn(ctx), onPhotosMoved, onPhotosDeleted(ctx)];
  const replay = await startReplay({ db: ctx.db, journal: openErasureJournal(config), subscriptions, log: ctx.log });
  const stopSweeping = ctx.spool.keepSwept((error) => ctx.log.error({ err: error }, 'the spool could not be swept'));
  return {
    name: 'upload',
    log: ctx.log,
    verifyCaller: createServiceVerifier('upload', config.SERVICE_PUBLIC_KEYS, ctx.clock),
    rpc: (router) => {
      registerArchiveRpc(router, ctx);
      registerSubscriptions(router, ctx.db, subscriptions, ctx.log);
    },
    http: (app) => {
      const authenticate = authenticateWith(ctx.peers);
      const remembering = createAuth(authenticate, { shared: ctx.shared });
      registerFormRoutes(app, (scope) => {
        registerUploadHttp(scope, ctx, remembering);
        // A consent that was given or withdrawn a moment ago counts as it is now.
        registerFacecamHttp(scope, ctx, createAuth(authenticate, { isRemembered: false }));
      });
      registerResumableHttp(app, ctx, remembering);
      registerArchiveHttp(app, ctx);
      if (ctx.objects instanceof FileObjects) registerObjectHttp(app, ctx, ctx.objects);
    },
    work: async () => {
      await ctx.risky.startCounting();
      ctx.outbox.work();
      await ctx.jobs.work();
    },
    hold: async () => {
      await ctx.risky.stopCounting();
      await Promise.all([ctx.outbox.hold(), ctx.jobs.hold()]);
    },
    ready: async () => ({
      ...(await ctx.ready()),
      objects: await ctx.objects.state(),
      // All but uploads goes on.
      disk: (await ctx.room.isThere()) ? ('ready' as const) : ('degraded' as const),
      erasures: replay.state(),
    }),
    close: async () => {
      replay.stop();
      stopSweeping();
      await ctx.outbox.stop();
      await ctx.jobs.stop();
      await ctx.metadata.close();
      await ctx.risky.close();
      await ctx.close();
    },
  };
}

function registerJobs(ctx: UploadContext): void {
  const { jobs, config } = ctx;
  jobs.handle(derivePhotoJob, config.DERIVE_CONCURRENCY, ({ data, signal }) => derivePhoto(ctx, data, signal));
  jobs.handle(publishPhotoJob, 2, ({ data }) => publishPhoto(ctx, data));
  jobs.handle(recognisePhotoJob, config.RECOGNISE_CONCURRENCY, (run) => recognisePhoto(ctx, run));
  jobs.handle(sweepUploadsJob, 1, () => sweepUploads(ctx));
  jobs.handle(sweepDiscardedJob, 1, ({ data }) => sweepDiscarded(ctx, data));
  jobs.handle(sweepResumableJob, 1, () => sweepResumable(ctx));
  jobs.handle(sweepArchivesJob, 1, () => sweepArchives(ctx));
  jobs.handle(deletePhotoObjectsJob, 2, ({ data }) => deletePhotoObjects(ctx, data));
  jobs.handle(enrolFacecamJob, 2, (run) => enrolFacecam(ctx, run));
  jobs.handle(forgetFacecamJob, 2, ({ data, signal }) => forgetFacecam(ctx, data, signal));
  jobs.handle(sweepSelfiesJob, 1, () => sweepSelfies(ctx));
  jobs.handle(deleteObjectJob, 2, ({ data }) => deleteObject(ctx, data));
  const follower = new PackChangeFollower(ctx);
  jobs.handle(followPackChangeJob, 1, ({ signal }) => follower.run(signal));
  jobs.handle(renewSelfiesJob, 1, (run) => renewSelfies(ctx, run));
}

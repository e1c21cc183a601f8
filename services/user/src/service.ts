import { createAuth } from '@kilas/identity/auth.ts';
import { registerSubscriptions } from '@kilas/platform/events/serve-events.ts';
import { startReplay } from '@kilas/platform/journal/replay-journal.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import { createServiceVerifier } from '@kilas/platform/rpc/service-token.ts';
import type { Service, Wiring } from '@kilas/platform/service/service.ts';
import { registerAccountHttp } from './accounts/http.ts';
import { mailRegistration, resendVerification } from './accounts/jobs.ts';
import { resendRegistrationMails, sendRegistrationMail } from './accounts/send-registration-mail.ts';
import { registerVerifyPages } from './accounts/verify-page.ts';
import { readConfig } from './config.ts';
import { registerConsentHttp } from './consents/http.ts';
import { openContext } from './context.ts';
import { registerCreatorHttp } from './creators/http.ts';
import { appendOnly } from './db/schema.ts';
import { forgetExpired, forgetExpiredDaily } from './forget-expired.ts';
import { authenticate } from './identities/authenticate.ts';
import { registerIdentityRpc } from './identities/rpc.ts';
import { onFaceEnrolledTwice } from './likenesses/notify-alike.ts';
import { FolderMailer } from './mail/folder-mailer.ts';
import { registerDevMail } from './mail/http.ts';
import { notificationSubscriptions } from './notifications/events.ts';
import { registerNotificationHttp } from './notifications/http.ts';
import { registerNotificationStream } from './notifications/stream-http.ts';
import { registerProfileHttp } from './profiles/http.ts';
import { registerSessionHttp } from './sessions/http.ts';
import { askForCutOff, askForCutOffOften } from './withdrawals/ask-for-cut-off.ts';
import { registerWithdrawalHttp } from './withdrawals/http.ts';
import { recordErasure } from './withdrawals/record-erasure.ts';
import { withdrawalsRemembered } from './withdrawals/withdraw-consent.ts';

/** Opens the service: its tables are brought up to date, nothing is served or worked on yet. */
export async function openService(env: Env, wiring: Wiring): Promise<Service> {
  const config = readConfig(env);
  const ctx = openContext(config, wiring);
  await ctx.migrate(new URL('./db/migrations/', import.meta.url), { appendOnly });
  await ctx.jobs.start([mailRegistration, resendVerification, forgetExpiredDaily, askForCutOffOften]);
  await ctx.jobs.schedule(forgetExpiredDaily);
  await ctx.jobs.schedule(askForCutOffOften);
  ctx.jobs.handle(mailRegistration, 2, ({ data }) => sendRegistrationMail(ctx, data));
  ctx.jobs.handle(resendVerification, 1, ({ data }) => resendRegistrationMails(ctx, data));
  ctx.jobs.handle(forgetExpiredDaily, 1, () => forgetExpired(ctx));
  ctx.jobs.handle(askForCutOffOften, 1, () => askForCutOff(ctx));
  ctx.outbox.handle(ctx.peers, recordErasure(ctx));
  const { db, journal, log } = ctx;
  const replay = await startReplay({ db, journal, subscriptions: [withdrawalsRemembered(ctx)], log });
  return {
    name: 'user',
    log: ctx.log,
    verifyCaller: createServiceVerifier('user', config.SERVICE_PUBLIC_KEYS, ctx.clock),
    rpc: (router) => {
      registerIdentityRpc(router, ctx);
      registerSubscriptions(router, db, [...notificationSubscriptions(ctx), onFaceEnrolledTwice(ctx)], log);
    },
    http: (app) => {
      const auth = createAuth((token) => authenticate(ctx, token), { isRemembered: false });
      registerAccountHttp(app, ctx);
      registerVerifyPages(app, ctx);
      registerSessionHttp(app, ctx, auth);
      registerProfileHttp(app, ctx, auth);
      registerCreatorHttp(app, ctx, auth);
      registerConsentHttp(app, ctx, auth);
      registerWithdrawalHttp(app, ctx, auth);
      registerNotificationHttp(app, ctx, auth);
      registerNotificationStream(app, ctx, auth);
      if (ctx.mailer instanceof FolderMailer) registerDevMail(app, ctx.mailer);
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
      ctx.mailer.close();
      await ctx.close();
    },
  };
}

import { createAuth } from '@kilas/identity/auth.ts';
import { authenticateWith } from '@kilas/identity/authenticate-with.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import { createServiceVerifier } from '@kilas/platform/rpc/service-token.ts';
import type { Service, Wiring } from '@kilas/platform/service/service.ts';
import { readConfig } from './config.ts';
import { openContext } from './context.ts';
import { appendOnly } from './db/schema.ts';
import { reportChain, verifyLedgerJob } from './ledger/verify-chain.ts';
import { registerPurchases } from './licences/http.ts';
import { ordersOpen } from './metrics.ts';
import { expireOrder } from './orders/expire-order.ts';
import { registerOrders } from './orders/http.ts';
import { expireOrderJob, reconcileOrdersJob } from './orders/jobs.ts';
import { countOrdersToCheck } from './orders/order-store.ts';
import { reconcileOrders } from './orders/reconcile-orders.ts';
import { registerWebhooks } from './orders/webhooks-http.ts';
import { sendSandboxNotice } from './payments/sandbox.ts';
import { registerSandboxPages } from './payments/sandbox-http.ts';
import { deliverSandboxNotice } from './payments/sandbox-notice.ts';
import { registerWallet } from './wallets/http.ts';

/** Opens the service: its tables are brought up to date, nothing is served or worked on yet. */
export async function openService(env: Env, wiring: Wiring): Promise<Service> {
  const config = readConfig(env);
  const ctx = openContext(config, wiring);
  await ctx.migrate(new URL('./db/migrations/', import.meta.url), { appendOnly });
  const { jobs } = ctx;
  await jobs.start([expireOrderJob, reconcileOrdersJob, verifyLedgerJob, deliverSandboxNotice]);
  jobs.handle(expireOrderJob, 2, ({ data }) => expireOrder(ctx, data.orderId));
  jobs.handle(reconcileOrdersJob, 1, ({ signal }) => reconcileOrders(ctx, signal));
  jobs.handle(verifyLedgerJob, 1, () => reportChain(ctx));
  jobs.handle(deliverSandboxNotice, 2, (run) => sendSandboxNotice(ctx, run));
  ctx.outbox.handle(ctx.peers);
  ctx.measure(ordersOpen, async () => [{ labels: {}, value: await countOrdersToCheck(ctx.db) }]);
  await jobs.schedule(reconcileOrdersJob);
  await jobs.schedule(verifyLedgerJob);
  const auth = createAuth(authenticateWith(ctx.peers), { shared: ctx.shared });
  return {
    name: 'transaction',
    log: ctx.log,
    verifyCaller: createServiceVerifier('transaction', config.SERVICE_PUBLIC_KEYS, ctx.clock),
    // Nobody calls this service; it calls photo, upload and user.
    rpc: () => {},
    http: (app) => {
      registerOrders(app, ctx, auth);
      registerPurchases(app, ctx, auth);
      registerWallet(app, ctx, auth);
      registerWebhooks(app, ctx);
      registerSandboxPages(app, ctx);
    },
    work: async () => {
      ctx.outbox.work();
      await jobs.work();
    },
    hold: async () => {
      await Promise.all([ctx.outbox.hold(), jobs.hold()]);
    },
    ready: ctx.ready,
    close: async () => {
      await ctx.outbox.stop();
      await jobs.stop();
      await ctx.close();
    },
  };
}

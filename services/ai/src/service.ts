import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import type { Env } from '@kilas/platform/config.ts';
import { migrate } from '@kilas/platform/db.ts';
import { registerSubscriptions, subscribe } from '@kilas/platform/events.ts';
import type { Service, Wiring } from '@kilas/platform/service.ts';
import { createServiceVerifier } from '@kilas/platform/service-token.ts';
import { readConfig } from './config.ts';
import { openContext } from './context.ts';
import { eraseMember } from './members/erase-member.ts';
import { registerFaceRpc } from './rpc.ts';
import { RunningCalls } from './running-calls.ts';

/** Opens the service: its tables are brought up to date; the face engine opens in the background, and calls wait for it. */
export async function openService(env: Env, wiring: Wiring): Promise<Service> {
  const config = readConfig(env);
  const ctx = openContext(config, wiring);
  const calls = new RunningCalls();
  await migrate(ctx.db, new URL('./db/migrations/', import.meta.url));
  await ctx.objects.prepare();
  ctx.analyser.engines.open();
  return {
    name: 'ai',
    log: ctx.log,
    verifyCaller: createServiceVerifier('ai', config.SERVICE_PUBLIC_KEYS, ctx.clock),
    rpc: (router) => {
      registerFaceRpc(router, ctx, calls);
      registerSubscriptions(router, ctx.db, [
        subscribe('user', ConsentWithdrawnSchema, (tx, withdrawn) => eraseMember(tx, withdrawn)),
      ]);
    },
    http: () => {},
    work: async () => {},
    hold: () => calls.settled(),
    ready: async () => ({
      ...(await ctx.ready()),
      engine: ctx.analyser.engines.isReady() ? 'ready' : 'away',
    }),
    close: async () => {
      await calls.settled();
      await ctx.analyser.engines.close();
      await ctx.close();
    },
  };
}

import { problems } from '@kilas/messages/problems.ts';
import { createHttpApp, type HttpApp } from '@kilas/platform/http/http-app.ts';
import { namesIn } from '@kilas/platform/http/own-hosts.ts';
import { type Clock, systemClock } from '@kilas/platform/process/clock.ts';
import { type Env, parseEnv } from '@kilas/platform/process/env.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { MemoryNetwork } from '@kilas/platform/rpc/rpc-client.ts';
import {
  interceptorsOf,
  registerHealth,
  registerRoutes,
  type Service,
  type Wiring,
} from '@kilas/platform/service/service.ts';
import { paceEnv, paceOf } from '@kilas/platform/service/service-config.ts';
import { openMemorySharedState } from '@kilas/platform/shared/memory-shared-state.ts';
import type { SharedState } from '@kilas/platform/shared/shared-state.ts';
import { registerMetrics } from '@kilas/platform/telemetry/metrics-route.ts';
import { type ServiceName, serviceNames } from './service-names.ts';

type Opener = (env: Env, wiring: Wiring) => Promise<Service>;

/** Loaded when first opened: a part of the system does not load the libraries of the others. */
const openers: Record<ServiceName, () => Promise<{ openService: Opener }>> = {
  user: () => import('@kilas/user/service.ts'),
  photo: () => import('@kilas/photo/service.ts'),
  transaction: () => import('@kilas/transaction/service.ts'),
  ai: () => import('@kilas/ai/service.ts'),
  upload: () => import('@kilas/upload/service.ts'),
};

export interface System {
  readonly app: HttpApp;
  readonly network: MemoryNetwork;
  service(name: ServiceName): Service;
  /** Takes a service that serves no REST (ai) away, as if its process had ended. */
  stop(name: 'ai'): Promise<void>;
  start(name: 'ai'): Promise<void>;
  close(): Promise<void>;
}

export interface SystemOptions {
  readonly services?: readonly ServiceName[];
  readonly environments: Readonly<Record<ServiceName, Env>>;
  readonly logLevel: string;
  readonly clock?: Clock;
  /** What the services share, closed with them; without it what is in this process alone. */
  readonly shared?: SharedState;
  /** Routes besides those of the services. */
  readonly extend?: (app: HttpApp) => Promise<void> | void;
  /** False leaves all jobs waiting; call `service(name).work()`. */
  readonly isWorking?: boolean;
}

/** All services, or those named, in this process behind one HTTP app; their calls to each other stay in memory. */
export async function openSystem(options: SystemOptions): Promise<System> {
  const names = options.services ?? serviceNames;
  const network = new MemoryNetwork();
  const services = new Map<ServiceName, { service: Service; leave: () => void }>();
  const shared = options.shared ?? openMemorySharedState();
  const wiring: Wiring = { clock: options.clock ?? systemClock, shared, peers: (sign) => network.peersFor(sign) };
  const open = async (name: ServiceName): Promise<Service> => {
    const { openService } = await openers[name]();
    const service = await openService(options.environments[name], wiring);
    const leave = network.serve(name, { routes: service.rpc, interceptors: interceptorsOf(service) });
    services.set(name, { service, leave });
    return service;
  };
  const close = async (name: ServiceName): Promise<void> => {
    const entry = services.get(name);
    if (entry === undefined) return;
    services.delete(name);
    // First: with new calls coming in it might never come to rest.
    entry.leave();
    await entry.service.hold();
    await entry.service.close();
  };
  await Promise.all(names.map(open));
  // In the order of their names' list, which is that of the routes in the OpenAPI document.
  const opened = () => names.flatMap((name) => services.get(name)?.service ?? []);
  const app = await createHttpApp({
    title: 'Kilas',
    log: openLog('http', options.logLevel),
    problems,
    corsOrigins: [],
    trustedProxies: [],
    // They share a port: what upload is told of bodies holds for all.
    pace: paceOf(parseEnv(paceEnv, options.environments.upload)),
    ownNames: namesIn(names.map((name) => options.environments[name].PUBLIC_URL)),
  });
  registerHealth(app, opened);
  registerMetrics(app, { isPublic: true, services: opened });
  // First: its hooks hold for the routes of the services too.
  await options.extend?.(app);
  for (const service of opened()) await registerRoutes(app, service);
  await app.ready();
  if (options.isWorking !== false) await Promise.all(opened().map((service) => service.work()));
  return {
    app,
    network,
    service: (name) => {
      const entry = services.get(name);
      if (entry === undefined) throw new Error(`the service ${name} is not open`);
      return entry.service;
    },
    stop: close,
    start: async (name) => {
      await (await open(name)).work();
    },
    close: async () => {
      await app.close();
      // All stop taking jobs before the first one closes: a job that runs may still call the others.
      await Promise.all(opened().map((service) => service.hold()));
      for (const name of names) await close(name);
      await shared.close();
    },
  };
}

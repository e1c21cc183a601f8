import type { Interceptor } from '@connectrpc/connect';
import type { Clock } from './clock.ts';
import type { HttpApp } from './http.ts';
import type { Log } from './log.ts';
import type { Readiness } from './readiness.ts';
import type { Peers } from './rpc-client.ts';
import type { RpcRoutes } from './rpc-server.ts';
import { serverInterceptors } from './rpc-server.ts';
import type { ServiceSigner, ServiceVerifier } from './service-token.ts';
import type { SharedState } from './shared-state.ts';

/** What differs between the ways to run a service. */
export interface Wiring {
  /** How it reaches the others, signing its calls as itself. */
  readonly peers: (sign: ServiceSigner) => Peers;
  readonly clock: Clock;
  readonly shared: SharedState;
  /** What of the wiring itself is worth telling in readiness. */
  readonly parts?: () => Readiness;
}

/** One service, opened but not yet working: what it serves and how it lives. */
export interface Service {
  readonly name: string;
  readonly rpc: RpcRoutes;
  readonly verifyCaller: ServiceVerifier;
  readonly log: Log;
  /** Registers the service's routes. */
  http(app: HttpApp): void;
  /** Starts taking jobs. */
  work(): Promise<void>;
  /** Stops taking jobs and waits for those that run. */
  hold(): Promise<void>;
  ready(): Promise<Readiness>;
  /** Gives everything back, the last opened first. */
  close(): Promise<void>;
}

export function interceptorsOf(service: Service): Interceptor[] {
  return serverInterceptors(service.verifyCaller, service.log, service.name);
}

/** Registers a service's routes under its name in metrics, where several services share an app. */
export async function registerRoutes(app: HttpApp, service: Service): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, service: service.name };
    });
    service.http(scope);
  });
}

/**
 * Registers `/healthz` (the process answers) and `/readyz` (200, or 503 when a part is away or the process drains; both name
 * the parts).
 */
export function registerHealth(
  app: HttpApp,
  services: () => readonly Service[],
  isDraining: () => boolean = () => false,
): void {
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }));
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const parts: Record<string, Readiness> = {};
    for (const service of services()) parts[service.name] = await service.ready();
    const isWell = Object.values(parts).every((part) => Object.values(part).every((state) => state !== 'away'));
    const isReady = isWell && !isDraining();
    return reply.status(isReady ? 200 : 503).send({ status: isReady ? 'ok' : 'not ready', services: parts });
  });
}

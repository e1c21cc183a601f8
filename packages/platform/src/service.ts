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
  return serverInterceptors(service.verifyCaller, service.log);
}

/** Registers `/healthz` (the process answers) and `/readyz` (200, or 503 when a part is away; both name the parts). */
export function registerHealth(app: HttpApp, services: () => readonly Service[]): void {
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }));
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const parts: Record<string, Readiness> = {};
    for (const service of services()) parts[service.name] = await service.ready();
    const isReady = Object.values(parts).every((part) => Object.values(part).every((state) => state !== 'away'));
    return reply.status(isReady ? 200 : 503).send({ status: isReady ? 'ok' : 'not ready', services: parts });
  });
}

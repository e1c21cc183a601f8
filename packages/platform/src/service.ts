import type { Interceptor } from '@connectrpc/connect';
import type { Clock } from './clock.ts';
import type { HttpApp } from './http.ts';
import type { Log } from './log.ts';
import type { Peers } from './rpc-client.ts';
import type { RpcRoutes } from './rpc-server.ts';
import { serverInterceptors } from './rpc-server.ts';
import type { ServiceSigner, ServiceVerifier } from './service-token.ts';

/** What differs between the ways to run a service. */
export interface Wiring {
  /** How it reaches the others, signing its calls as itself. */
  readonly peers: (sign: ServiceSigner) => Peers;
  readonly clock: Clock;
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
  /** What the service needs and whether it is there, e.g. `{ database: true }`. */
  ready(): Promise<Readonly<Record<string, boolean>>>;
  /** Gives everything back, the last opened first. */
  close(): Promise<void>;
}

export function interceptorsOf(service: Service): Interceptor[] {
  return serverInterceptors(service.verifyCaller, service.log);
}

/** Registers `/healthz` (the process answers) and `/readyz` (its parts are there: 200, else 503 with the parts). */
export function registerHealth(app: HttpApp, services: () => readonly Service[]): void {
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }));
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const parts: Record<string, Readonly<Record<string, boolean>>> = {};
    for (const service of services()) parts[service.name] = await service.ready();
    const isReady = Object.values(parts).every((part) => Object.values(part).every(Boolean));
    return reply.status(isReady ? 200 : 503).send({ status: isReady ? 'ok' : 'not ready', services: parts });
  });
}

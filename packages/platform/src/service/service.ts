import type { Interceptor } from '@connectrpc/connect';
import type { HttpApp } from '../http/http-app.ts';
import type { Clock } from '../process/clock.ts';
import type { Log } from '../process/log.ts';
import type { Readiness } from '../process/readiness.ts';
import type { Peers, RpcRoutes } from '../rpc/rpc.ts';
import { serverInterceptors } from '../rpc/rpc-server.ts';
import type { ServiceSigner, ServiceVerifier } from '../rpc/service-token.ts';
import type { SharedState } from '../shared/shared-state.ts';
import { within } from '../telemetry/metrics.ts';

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

/** What `/readyz` answers to those who ask so, in place of 503, when a part is away: Consul counts it as a warning. */
const warningStatus = 429;
/** Less than the time that its check has. */
const consulWaitsMs = 1_500;

/**
 * Registers `/healthz` (the process answers), `/trafficz` (it may be sent requests: 200 until it drains, whatever is away) and
 * `/readyz` (200, or 503 when a part is away or the process drains; both name the parts).
 *
 * Traffic is a question of its own: where a database that all replicas share is away, a proxy that asked for readiness would have
 * nobody left and answer 404 or 502, while each of them can say 503, and when to come again.
 */
export function registerHealth(
  app: HttpApp,
  services: () => readonly Service[],
  isDraining: () => boolean = () => false,
): void {
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }));
  app.get('/trafficz', { schema: { hide: true } }, async (_request, reply) => {
    return isDraining() ? reply.status(503).send({ status: 'draining' }) : { status: 'ok' };
  });
  app.get<{ Querystring: { away?: string } }>('/readyz', { schema: { hide: true } }, async (request, reply) => {
    const isForConsul = request.query.away === 'warning';
    const ask = () => askAll(services());
    // A check that ran out of time would count as one that failed.
    const parts = isForConsul ? await within(consulWaitsMs, ask) : await ask();
    const states = Object.values(parts ?? {}).flatMap((part) => Object.values(part));
    const isReady = parts !== undefined && states.every((state) => state !== 'away') && !isDraining();
    const unready = isForConsul && !isDraining() ? warningStatus : 503;
    return reply.status(isReady ? 200 : unready).send({ status: isReady ? 'ok' : 'not ready', services: parts ?? {} });
  });
}

async function askAll(services: readonly Service[]): Promise<Record<string, Readiness>> {
  const parts: Record<string, Readiness> = {};
  for (const service of services) parts[service.name] = await service.ready();
  return parts;
}

import { setTimeout as delay } from 'node:timers/promises';
import { ServiceHealth } from '../discovery/health.ts';
import { routePrefixOf } from '../discovery/proxy-tags.ts';
import { createHttpApp, type HttpApp, type HttpOptions } from '../http/http-app.ts';
import { serveRpc } from '../rpc/rpc-server.ts';
import type { RpcTls } from '../rpc/rpc-tls.ts';
import { registerMetrics } from '../telemetry/metrics-route.ts';
import { interceptorsOf, registerHealth, type Service } from './service.ts';

export interface RunOptions extends HttpOptions {
  readonly host: string;
  readonly httpPort: number;
  readonly rpcPort: number;
  /** How others learn of this process and of its end. */
  readonly presence?: {
    announce(place: { rpcPort: number; httpPort: number; prefixes: readonly string[] }): void;
    withdraw(): Promise<void>;
  };
  /** Between `withdraw` and the end of taking requests. */
  readonly drainDelayMs?: number;
  readonly rpcTls?: RpcTls | undefined;
  readonly isRpcReflected?: boolean;
}

/** Serves one service in a process of its own until it is asked to stop: takes nothing new, finishes what runs, closes. */
export async function runService(
  service: Service,
  options: RunOptions,
  stopAsked: Promise<void> = signalled(),
): Promise<void> {
  const app = await createHttpApp({ ...options, service: service.name });
  const health = new ServiceHealth(() => service.ready());
  registerHealth(
    app,
    () => [service],
    () => health.isDraining,
  );
  registerMetrics(app, { isPublic: false, services: () => [service] });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  const prefixes = collectPrefixes(app);
  service.http(app);
  const rpc = await serveRpc({
    host: options.host,
    port: options.rpcPort,
    routes: service.rpc,
    interceptors: interceptorsOf(service),
    health,
    tls: options.rpcTls,
    isReflected: options.isRpcReflected ?? false,
  });
  await app.listen({ host: options.host, port: options.httpPort });
  await service.work();
  options.log.info({ rpc: rpc.url, http: options.httpPort }, 'serving');
  const address = app.server.address();
  const httpPort = typeof address === 'object' && address !== null ? address.port : options.httpPort;
  options.presence?.announce({ rpcPort: rpc.port, httpPort, prefixes: [...prefixes] });
  await stopAsked;
  health.drain();
  await options.presence?.withdraw();
  // Who heard of us calls on until they have heard that we leave.
  await delay(options.drainDelayMs ?? 0);
  await app.close();
  // Before the service comes to rest: with new calls coming in it might never.
  const rpcStopped = rpc.stop();
  await service.hold();
  await rpcStopped;
  await service.close();
}

/** What the routes that are registered from here on begin with. */
function collectPrefixes(app: HttpApp): ReadonlySet<string> {
  const prefixes = new Set<string>();
  app.addHook('onRoute', ({ url }) => {
    prefixes.add(routePrefixOf(url));
  });
  return prefixes;
}

/** Resolves at SIGTERM or SIGINT; a second one ends the process at once. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

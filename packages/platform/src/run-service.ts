import { createHttpApp, type HttpOptions } from './http.ts';
import { serveRpc } from './rpc-server.ts';
import { interceptorsOf, registerHealth, type Service } from './service.ts';

export interface RunOptions extends HttpOptions {
  readonly host: string;
  readonly httpPort: number;
  readonly rpcPort: number;
}

/** Serves one service in a process of its own until it is asked to stop: takes nothing new, finishes what runs, closes. */
export async function runService(
  service: Service,
  options: RunOptions,
  stopAsked: Promise<void> = signalled(),
): Promise<void> {
  const app = await createHttpApp(options);
  registerHealth(app, () => [service]);
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  service.http(app);
  const rpc = await serveRpc({
    host: options.host,
    port: options.rpcPort,
    routes: service.rpc,
    interceptors: interceptorsOf(service),
  });
  await app.listen({ host: options.host, port: options.httpPort });
  await service.work();
  options.log.info({ rpc: rpc.url, http: options.httpPort }, 'serving');
  await stopAsked;
  await app.close();
  // Before the service comes to rest: with new calls coming in it might never.
  const rpcStopped = rpc.stop();
  await service.hold();
  await rpcStopped;
  await service.close();
}

/** Resolves at SIGTERM or SIGINT; a second one ends the process at once. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

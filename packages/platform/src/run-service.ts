import { createHttpApp, type HttpOptions } from './http.ts';
import { serveRpc } from './rpc-server.ts';
import { interceptorsOf, registerHealth, type Service } from './service.ts';

export interface RunOptions extends HttpOptions {
  readonly host: string;
  readonly httpPort: number;
  readonly rpcPort: number;
}

/** Serves one service in a process of its own until SIGTERM or SIGINT: stops taking, finishes what runs, closes. */
export async function runService(service: Service, options: RunOptions): Promise<void> {
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
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  await app.close();
  await service.hold();
  await rpc.stop();
  await service.close();
}

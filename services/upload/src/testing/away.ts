import { interceptorsOf } from '@kilas/platform/service/service.ts';
import type { TestSystem } from '@kilas/testkit/start-system.ts';

/** Makes a service unreachable while something runs, as if its process had ended. */
export async function whileAway<T>(system: TestSystem, name: 'photo' | 'ai', run: () => Promise<T>): Promise<T> {
  const service = system.service(name);
  const handler = { routes: service.rpc, interceptors: interceptorsOf(service) };
  system.network.serve(name, handler)();
  try {
    return await run();
  } finally {
    system.network.serve(name, handler);
  }
}

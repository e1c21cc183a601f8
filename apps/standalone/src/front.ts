import proxy from '@fastify/http-proxy';
import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ServiceName } from './installation.ts';
import { urlMap } from './url-map.ts';

const openApi = z.looseObject({
  paths: z.record(z.string(), z.unknown()).default({}),
  components: z.looseObject({}).default({}),
});

/**
 * One address in front of services that run as processes: passes requests on by the URL map, streams bodies both ways, and
 * serves the OpenAPI documents of the services as one.
 */
export async function openFront(addresses: Readonly<Record<ServiceName, string>>): Promise<FastifyInstance> {
  const app = Fastify({ logger: false, forceCloseConnections: true });
  for (const { prefix, service } of urlMap) {
    await app.register(proxy, { upstream: addresses[service], prefix, rewritePrefix: prefix });
  }
  app.get('/openapi.json', async () => {
    const documents = await Promise.all(
      Object.values(addresses).map(async (address) =>
        openApi.parse(await (await fetch(`${address}/openapi.json`)).json()),
      ),
    );
    const merged = { ...documents[0], paths: {}, components: {} };
    for (const document of documents) {
      Object.assign(merged.paths, document.paths);
      Object.assign(merged.components, document.components);
    }
    return merged;
  });
  return app;
}

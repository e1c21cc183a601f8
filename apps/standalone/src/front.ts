import proxy from '@fastify/http-proxy';
import { problems } from '@kilas/messages/problems.ts';
import { localeOf, plainProblem } from '@kilas/platform/problem.ts';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ServiceName } from './installation.ts';
import { urlMap } from './url-map.ts';

const openApi = z.looseObject({
  paths: z.record(z.string(), z.unknown()).default({}),
  components: z.looseObject({}).default({}),
});

const retryAfterSeconds = 5;

/**
 * One address in front of services that run as processes: passes requests on by the URL map, streams bodies both ways, and
 * serves the OpenAPI documents of the services as one. For a service that is away it answers 503.
 */
export async function openFront(addresses: Readonly<Record<ServiceName, string>>): Promise<FastifyInstance> {
  const app = Fastify({ logger: false, forceCloseConnections: true });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error.statusCode !== undefined && error.statusCode < 500) return reply.send(error);
    const problem = plainProblem(503, 'SERVICE_UNAVAILABLE', problems, localeOf(request.headers['accept-language']));
    reply.status(503).header('retry-after', retryAfterSeconds).type('application/problem+json');
    return reply.send(JSON.stringify(problem));
  });
  // Whether to try again is for the client to say: it is told when.
  const replyOptions = { retryDelay: () => null };
  for (const { prefix, service } of urlMap) {
    await app.register(proxy, { upstream: addresses[service], prefix, rewritePrefix: prefix, replyOptions });
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

import type { FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Gauge } from 'prom-client';
import packageJson from '../../package.json' with { type: 'json' };
import type { HttpApp } from '../http/http-app.ts';
import type { Service } from '../service/service.ts';
import { registry, scrape } from './metrics.ts';
import { observeParts } from './observe-parts.ts';

const loopback = /^(127\.|::1$|::ffff:127\.)/;

/**
 * Serves `GET /metrics` in the text format of Prometheus. `isPublic`: strangers reach this port too, so that only this
 * machine is answered, and for anybody else the route is not there.
 */
export function registerMetrics(
  app: HttpApp,
  options: { readonly isPublic: boolean; readonly services: () => readonly Service[] },
): void {
  observeProcess();
  const stopObserving = observeParts(options.services);
  app.addHook('onClose', async () => stopObserving());
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (options.isPublic && !isFromHere(request)) return reply.callNotFound();
    return reply.type(registry.contentType).send(await scrape());
  });
}

/** By the connection's own address; what a proxy passes on comes from elsewhere. */
function isFromHere({ raw }: FastifyRequest): boolean {
  return loopback.test(raw.socket.remoteAddress ?? '') && raw.headers['x-forwarded-for'] === undefined;
}

/** What the process itself uses, once however many services are in it. */
function observeProcess(): void {
  if (registry.getSingleMetric('kilas_build_info') !== undefined) return;
  const help = 'Always 1; the version stands in a label';
  const build = new Gauge({ name: 'kilas_build_info', help, labelNames: ['version'], registers: [registry] });
  build.set({ version: packageJson.version }, 1);
  collectDefaultMetrics({ register: registry });
}

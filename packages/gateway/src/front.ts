import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import proxy from '@fastify/http-proxy';
import { eachService, type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';
import { urlMap } from '@kilas/installation/url-map.ts';
import { problems } from '@kilas/messages/problems.ts';
import { usualPace } from '@kilas/platform/http/body-pace.ts';
import { type HttpApp, refuseForeignHosts } from '@kilas/platform/http/http-app.ts';
import { watchBodies } from '@kilas/platform/http/receiving.ts';
import { localeOf, type Problem, plainProblem, problemOf } from '@kilas/platform/problems/problem.ts';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { acceptRequestId } from '@kilas/platform/process/request-context.ts';
import Fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { registerPages } from './pages.ts';
import { ReplicaClient } from './replica-client.ts';
import { registerWebApp, type WebAppOptions } from './web-app.ts';

const openApi = z.looseObject({
  paths: z.record(z.string(), z.unknown()).default({}),
  components: z.looseObject({}).default({}),
});
const readiness = z.object({ services: z.record(z.string(), z.unknown()) });

const retryAfterSeconds = 5;
/** A request that is being answered when the front closes has so long to end, in milliseconds. */
const drainMaxMs = 5_000;

export interface FrontOptions {
  /** The addresses of a service's processes, asked for every request: "http://127.0.0.1:4001". */
  readonly addressesOf: (service: ServiceName) => readonly string[];
  /** The names under which it may be asked, besides `localhost` and addresses. */
  readonly ownNames?: readonly string[];
  /** With the web app and the reference of the API. */
  readonly web?: WebAppOptions;
  /** How long a process may take to begin an answer before another one is asked besides, in milliseconds. */
  readonly patienceMs?: number;
}

/**
 * One address in front of services that run as processes: passes requests on by the URL map, to one of several processes
 * each, streams bodies both ways, and serves the OpenAPI documents of the services as one. For a service that is away it
 * answers 503. What a client says of where it comes from is replaced by what is seen of it here.
 */
export async function openFront(options: FrontOptions) {
  const app = Fastify({
    logger: false,
    forceCloseConnections: true,
    http: { headersTimeout: 20_000, connectionsCheckingInterval: 5_000 },
    genReqId: (request) => acceptRequestId(request.headers['x-request-id']) ?? newId(),
  }).withTypeProvider<ZodTypeProvider>();
  const clients = eachService((service) => new ReplicaClient(() => options.addressesOf(service), options));
  refuseForeignHosts(app, options.ownNames);
  // Longer than a process takes, because the process says what was wrong. After this time only a connection is left that nobody reads from.
  const patient = { idleMaxMs: 2 * usualPace.idleMaxMs, bytesPerSecondMin: usualPace.bytesPerSecondMin / 2 };
  watchBodies(app, patient, ({ raw }) => void raw.socket.destroy());
  letAnswersEnd(app);
  // Set by the library on an answer that comes before the end of the body, it would break the client off; see ReplicaClient.
  app.addHook('onSend', async (_request, reply) => void reply.removeHeader('connection'));
  app.addHook('onClose', async () => {
    await Promise.all(Object.values(clients).map((each) => each.close()));
  });
  app.setErrorHandler((error: FastifyError, request, reply) => sendProblem(describe(error, request), request, reply));
  app.setNotFoundHandler((request, reply) => {
    sendProblem(plainProblem(404, 'ROUTE_NOT_FOUND', problems, localeFor(request)), request, reply);
  });
  const get = async (service: ServiceName, path: string): Promise<unknown> =>
    (await clients[service].send({ method: 'GET', path })).body.json();
  const document = async () =>
    mergeDocuments(await Promise.all(serviceNames.map((name) => get(name, '/openapi.json'))));
  if (options.web === undefined) app.get('/openapi.json', document);
  else await registerPages(app, document);
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const asked = await Promise.all(serviceNames.map((name) => askReadiness(clients[name], name)));
    const isReady = asked.every((one) => one.isReady);
    const services = Object.assign({}, ...asked.map((one) => one.services));
    return reply.status(isReady ? 200 : 503).send({ status: isReady ? 'ok' : 'not ready', services });
  });
  for (const { prefix, service } of urlMap) {
    await app.register(proxy, {
      // A name for the library, which asks the client below instead of connecting to it.
      upstream: `http://${service}.invalid`,
      prefix,
      rewritePrefix: prefix,
      undici: clients[service],
      disableRequestLogging: true,
      // Whether to try again is for the client to say: it is told when.
      replyOptions: { retryDelay: () => null, rewriteRequestHeaders },
    });
  }
  if (options.web !== undefined) await registerWebApp(app, options.web);
  return app;
}

function letAnswersEnd(app: HttpApp): void {
  let underWay = 0;
  app.addHook('onRequest', (_request, reply, done) => {
    underWay += 1;
    reply.raw.once('close', () => {
      underWay -= 1;
    });
    done();
  });
  app.addHook('preClose', async () => {
    const deadline = performance.now() + drainMaxMs;
    while (underWay > 0 && performance.now() < deadline) await delay(10);
  });
}

type Seen = Pick<FastifyRequest, 'host' | 'id' | 'ip' | 'protocol'>;

/** undici does not speak `Expect`; our own server has answered it already. */
function rewriteRequestHeaders(request: Seen, headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { expect: _expect, forwarded: _forwarded, ...passed } = headers;
  return {
    ...passed,
    host: request.host,
    'x-request-id': request.id,
    'x-forwarded-for': request.ip,
    'x-forwarded-host': request.host,
    'x-forwarded-proto': request.protocol,
  };
}

function localeFor(request: FastifyRequest) {
  return localeOf(request.headers['accept-language']);
}

function describe(error: FastifyError, request: FastifyRequest): Problem {
  const refusal = refusalOf(error);
  if (refusal !== undefined) return problemOf(refusal, problems, localeFor(request));
  const { statusCode = 503 } = error;
  return statusCode < 500
    ? plainProblem(statusCode, 'REQUEST_INVALID', problems, localeFor(request))
    : plainProblem(503, 'SERVICE_UNAVAILABLE', problems, localeFor(request));
}

function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (problem.status === 503) reply.header('retry-after', retryAfterSeconds);
  return reply
    .status(problem.status)
    .header('x-request-id', request.id)
    .type('application/problem+json')
    .send(JSON.stringify({ ...problem, requestId: request.id }));
}

function mergeDocuments(texts: readonly unknown[]) {
  const documents = texts.map((text) => openApi.parse(text));
  const merged = { ...documents[0], paths: {}, components: {} };
  for (const document of documents) {
    Object.assign(merged.paths, document.paths);
    Object.assign(merged.components, document.components);
  }
  return merged;
}

/** What one of a service's processes says of itself. */
async function askReadiness(client: ReplicaClient, name: ServiceName) {
  try {
    const { statusCode, body } = await client.send({ method: 'GET', path: '/readyz' });
    const { services } = readiness.parse(await body.json());
    return { isReady: statusCode === 200, services };
  } catch {
    return { isReady: false, services: { [name]: { process: 'away' } } };
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import cookie from '@fastify/cookie';
import cors, { type FastifyCorsOptions } from '@fastify/cors';
import swagger from '@fastify/swagger';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { DatabaseAway } from '../db/database-away.ts';
import { BadRequest, badRequest } from '../problems/bad-request.ts';
import { type FieldIssue, fieldIssue, fieldProblem } from '../problems/field-problem.ts';
import { isDiskFull } from '../problems/machine-fault.ts';
import {
  localeOf,
  type Problem,
  type ProblemCatalogue,
  plainProblem,
  problemOf,
  statusOf,
} from '../problems/problem.ts';
import { refusalError, refusalOf } from '../problems/refusal.ts';
import { newId } from '../process/ids.ts';
import type { Log } from '../process/log.ts';
import { acceptRequestId, withRequestContext } from '../process/request-context.ts';
import { noteProblem, observeHttp } from '../telemetry/observe-http.ts';
import { type RequestPace, usualPace } from './body-pace.ts';
import { holdsNul } from './holds-nul.ts';
import { openApiOptions } from './openapi.ts';
import { ownHosts } from './own-hosts.ts';
import { watchBodies } from './receiving.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Aborted when the app begins to close: a reply that has no end of its own must end then. */
    readonly draining: AbortSignal;
  }
  interface FastifyContextConfig {
    /** What is otherwise at a route for pages of the configured origins. */
    readonly cors?: Omit<FastifyCorsOptions, 'origin'>;
  }
}

/** Largest JSON body in bytes; uploads have limits of their own. */
const bodySizeMaxBytes = 1024 * 1024;
/** When to come again, for what says nothing of it itself; by status. */
const retryAfterSeconds: Readonly<Record<number, string>> = { 503: '5', 507: '60' };
/** A request that is being answered when the app closes has so long to end, in milliseconds. */
const drainMaxMs = 5_000;

/** For the headers of a request, in milliseconds. */
const headersMaxMs = 20_000;
/** How often the two are looked at. */
const lookEveryMs = 5_000;

export interface HttpOptions {
  readonly log: Log;
  readonly problems: ProblemCatalogue;
  /** Origins whose pages may call with cookies, e.g. "https://app.example"; the API's own origin needs no entry. */
  readonly corsOrigins: readonly string[];
  /** Addresses or networks of the proxies in front, whose X-Forwarded-For counts; none by default. */
  readonly trustedProxies: readonly string[];
  /** How fast bodies have to come, and how long a request may take to arrive; as `usualPace` without it. */
  readonly pace?: RequestPace;
  /** The names under which it may be asked, besides `localhost` and addresses; see `ownHosts`. */
  readonly ownNames?: readonly string[];
  readonly title: string;
  /** Whose requests these are, in metrics; routes of `registerRoutes` carry the name of their service. */
  readonly service?: string;
}

/**
 * A Fastify app that validates with Zod, answers errors as problem documents and collects an OpenAPI document. Closing it
 * lets what is being answered end.
 */
export async function createHttpApp(options: HttpOptions) {
  const logger: FastifyBaseLogger = options.log;
  const pace = options.pace ?? usualPace;
  const app = Fastify({
    loggerInstance: logger,
    bodyLimit: bodySizeMaxBytes,
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    genReqId: (request) => acceptRequestId(request.headers['x-request-id']) ?? newId(),
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 200 },
    requestTimeout: pace.requestMaxMs,
    http: { headersTimeout: headersMaxMs, connectionsCheckingInterval: lookEveryMs },
    forceCloseConnections: true,
    // Addresses that the router does not understand come here and to no hook.
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply, options),
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  observeHttp(app, options.service ?? 'http');
  refuseForeignHosts(app, options.ownNames);
  watchBodies(app, pace);
  const answering = new Set<FastifyReply['raw']>();
  app.addHook('onRequest', (request, reply, done) => {
    answering.add(reply.raw);
    reply.raw.once('close', () => answering.delete(reply.raw));
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
    reply.header('x-frame-options', 'DENY');
    // Replies are about one person or hold links; what may be kept says so itself.
    reply.header('cache-control', 'no-store');
    withRequestContext({ requestId: request.id }, done);
  });
  app.addHook('preValidation', (request, _reply, done) => {
    const { params, query, body } = request;
    const nul = () => badRequest('a text holds NUL', [fieldIssue('/', 'FIELD_HOLDS_NUL')]);
    done(holdsNul([params, query, body]) ? nul() : undefined);
  });
  const draining = new AbortController();
  app.decorate('draining', draining.signal);
  app.addHook('preClose', async () => {
    draining.abort();
    const deadline = performance.now() + drainMaxMs;
    while (answering.size > 0 && performance.now() < deadline) await delay(10);
  });
  app.addHook('onResponse', (request, reply, done) => {
    answering.delete(reply.raw);
    // The route's pattern, never the address itself: links carry signatures and tokens.
    const route = request.routeOptions.url ?? 'unknown';
    const took = { method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
    options.log.info(took, 'request');
    done();
  });
  app.setErrorHandler((error: FastifyError, request, reply) => sendProblem(error, request, reply, options));
  app.setNotFoundHandler((request, reply) => {
    const problem = plainProblem(
      404,
      'ROUTE_NOT_FOUND',
      options.problems,
      localeOf(request.headers['accept-language']),
    );
    return reply
      .status(404)
      .type('application/problem+json')
      .send(JSON.stringify({ ...problem, requestId: request.id }));
  });
  await app.register(cookie);
  await app.register(cors, {
    origin: [...options.corsOrigins],
    credentials: true,
    exposedHeaders: ['x-request-id', 'retry-after'],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    maxAge: 600,
  });
  await app.register(swagger, openApiOptions(options.title));
  return app;
}

/** Refuses with HOST_UNKNOWN, before anything else, what was sent to a name that is none of ours. */
export function refuseForeignHosts(app: Pick<FastifyInstance, 'addHook'>, names: readonly string[] = []): void {
  const isOwn = ownHosts(names);
  app.addHook('onRequest', (request, _reply, done) => {
    // Not what a proxy says of it in X-Forwarded-Host: that header a page may set.
    done(isOwn(request.raw.headers.host) ? undefined : refusalError(Code.FailedPrecondition, 'HOST_UNKNOWN'));
  });
}

export type HttpApp = Awaited<ReturnType<typeof createHttpApp>>;

function sendProblem(error: FastifyError, request: FastifyRequest, reply: FastifyReply, options: HttpOptions) {
  const locale = localeOf(request.headers['accept-language']);
  const problem = describeError(error, locale, options.problems);
  noteProblem(request, problem.code);
  if (isUnexpected(error, problem)) options.log.error({ err: error }, 'request failed');
  const retryAfter = refusalOf(error)?.params.retryAfterSeconds ?? retryAfterSeconds[problem.status];
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  return reply
    .status(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify({ ...problem, requestId: request.id }));
}

/** Whether an operator has to hear of it: it is neither a refusal nor a part that is away, which is told elsewhere. */
export function isUnexpected(error: unknown, problem: Problem): boolean {
  return problem.code === 'INTERNAL' || (problem.code === 'DISK_FULL' && refusalOf(error) === undefined);
}

/** What a client is told of an error: the refusal, or what else may be said of it. */
export function describeError(
  error: unknown,
  locale: ReturnType<typeof localeOf>,
  catalogue: ProblemCatalogue,
): Problem {
  const refusal = refusalOf(error);
  if (refusal !== undefined) return problemOf(refusal, catalogue, locale);
  const issues = issuesOf(error);
  if (issues.length > 0) {
    const errors = issues.map((issue) => fieldProblem(issue, catalogue, locale));
    return { ...plainProblem(400, 'REQUEST_INVALID', catalogue, locale), errors };
  }
  // Also one whose own disk is full: it says so itself, and may have room again in a moment.
  if (error instanceof DatabaseAway) return plainProblem(503, 'SERVICE_UNAVAILABLE', catalogue, locale);
  if (isDiskFull(error)) return plainProblem(507, 'DISK_FULL', catalogue, locale);
  if (error instanceof ConnectError) {
    const isAway = error.code === Code.Unavailable || error.code === Code.DeadlineExceeded;
    return isAway
      ? plainProblem(statusOf(Code.Unavailable), 'SERVICE_UNAVAILABLE', catalogue, locale)
      : plainProblem(500, 'INTERNAL', catalogue, locale);
  }
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 413) return plainProblem(413, 'BODY_TOO_LARGE', catalogue, locale);
  if (status === 415) return plainProblem(415, 'CONTENT_TYPE_UNSUPPORTED', catalogue, locale);
  if (status === 429) return plainProblem(429, 'TOO_MANY_REQUESTS', catalogue, locale);
  if (status >= 400 && status < 500) {
    return plainProblem(status, 'REQUEST_INVALID', catalogue, locale);
  }
  return plainProblem(500, 'INTERNAL', catalogue, locale);
}

/** Fastify's own errors about a body. */
const bodyCodes: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'BODY_NOT_JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'BODY_EMPTY',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'BODY_LENGTH_WRONG',
};

function issuesOf(error: unknown): readonly FieldIssue[] {
  if (hasZodFastifySchemaValidationErrors(error)) return error.validation;
  if (error instanceof BadRequest) return error.issues;
  const code = error instanceof Error && 'code' in error ? bodyCodes[String(error.code)] : undefined;
  return code === undefined ? [] : [fieldIssue('/', code)];
}

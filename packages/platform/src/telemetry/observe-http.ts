import { type Context, context, ROOT_CONTEXT, type Span, SpanKind, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { histogram, requestSeconds } from './metrics.ts';
import { markFailed, tracer } from './spans.ts';
import { parseTraceparent } from './traceparent.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The service that answers, where several share an app. */
    service?: string;
  }
}

const times = histogram(
  'kilas_http_request_duration_seconds',
  'Requests answered, by route pattern and class of status',
  ['service', 'method', 'route', 'status'],
  requestSeconds,
);

/** Asked every few seconds by machines. */
const quietRoutes = new Set(['/healthz', '/trafficz', '/readyz', '/metrics']);

interface Observed {
  readonly span: Span;
  readonly context: Context;
  code?: string;
}

const observed = new WeakMap<FastifyRequest, Observed>();

/**
 * Times and traces every request under its route's pattern, never under its address: that may hold tokens. Each request
 * begins a trace of its own; one that the client names is only linked, since whoever asks could choose it.
 */
export function observeHttp(app: FastifyInstance, service: string): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url;
    if (route !== undefined && quietRoutes.has(route)) return done();
    const span = startRequestSpan(request, route);
    const current = { span, context: trace.setSpan(ROOT_CONTEXT, span) };
    observed.set(request, current);
    context.with(current.context, done);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const current = observed.get(request);
    if (current === undefined) return done();
    const { span, code } = current;
    const { url: route = 'unknown', config } = request.routeOptions;
    const labels = { service: config.service ?? service, method: request.method, route };
    // A stream of events lasts as long as somebody listens, which says nothing of how fast we are.
    if (!isEventStream(reply))
      times.observe({ ...labels, status: `${Math.floor(reply.statusCode / 100)}xx` }, reply.elapsedTime / 1000);
    span.setAttribute('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= 500) markFailed(span, code ?? String(reply.statusCode));
    else if (code !== undefined) span.setAttribute('error.type', code);
    span.end();
    context.with(current.context, done);
  });
}

function isEventStream(reply: FastifyReply): boolean {
  return String(reply.getHeader('content-type')).startsWith('text/event-stream');
}

/** The stable name of the problem that a request is answered with. */
export function noteProblem(request: FastifyRequest, code: string): void {
  const current = observed.get(request);
  if (current !== undefined) current.code = code;
}

function startRequestSpan(request: FastifyRequest, route: string | undefined): Span {
  const { method } = request;
  const attributes = { 'http.request.method': method, ...(route === undefined ? {} : { 'http.route': route }) };
  const clients = parseTraceparent(request.headers.traceparent);
  const links = clients === undefined ? [] : [{ context: clients }];
  const name = route === undefined ? method : `${method} ${route}`;
  return tracer.startSpan(name, { kind: SpanKind.SERVER, attributes, links }, ROOT_CONTEXT);
}

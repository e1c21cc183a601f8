import { Code } from '@connectrpc/connect';
import { problems } from '@kilas/messages/problems.ts';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createHttpApp } from '../http/http-app.ts';
import { refusalError } from '../problems/refusal.ts';
import { openLog } from '../process/log.ts';
import { recordSpans } from '../testing/record-spans.ts';
import { registry } from './metrics.ts';

const recorder = recordSpans();
const app = await createHttpApp({
  title: 'test',
  service: 'shop',
  log: openLog('test', 'silent'),
  problems,
  corsOrigins: [],
  trustedProxies: [],
});
const currentSpan = () => trace.getActiveSpan()?.spanContext().spanId;
app.get('/things/:thingId', async () => ({ spanId: currentSpan() }));
app.post('/things', { schema: { body: z.object({ count: z.int() }) } }, async () => ({ spanId: currentSpan() }));
app.get('/refused', async () => {
  throw refusalError(Code.NotFound, 'PHOTO_NOT_FOUND');
});
app.get('/broken', async () => {
  throw new Error('password is hunter2');
});
app.get('/healthz', async () => ({}));
const url = await app.listen({ host: '127.0.0.1', port: 0 });
afterAll(() => app.close());
beforeEach(() => recorder.clear());

const spanIdOf = async (response: Response) => z.object({ spanId: z.string() }).parse(await response.json()).spanId;

test('a request is a span under the pattern of its route; its address and query stand nowhere', async () => {
  await fetch(`${url}/things/secret-token?signature=secret-signature`);
  const span = await recorder.span('GET /things/:thingId');
  expect(span).toMatchObject({
    kind: SpanKind.SERVER,
    attributes: { 'http.request.method': 'GET', 'http.route': '/things/:thingId', 'http.response.status_code': 200 },
  });
  const { name, attributes, links, events } = span;
  expect(JSON.stringify({ name, attributes, links, events })).not.toContain('secret');
});

test('what a handler does belongs to the span of its request, with and without a body', async () => {
  const got = await spanIdOf(await fetch(`${url}/things/1`));
  expect(got).toBe((await recorder.span('GET /things/:thingId')).spanContext().spanId);
  const body = JSON.stringify({ count: 1, padding: 'x'.repeat(200_000) });
  const headers = { 'content-type': 'application/json' };
  const posted = await spanIdOf(await fetch(`${url}/things`, { method: 'POST', headers, body }));
  expect(posted).toBe((await recorder.span('POST /things')).spanContext().spanId);
});

test('a trace that a client names is not continued but linked', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  await fetch(`${url}/things/1`, { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } });
  const span = await recorder.span('GET /things/:thingId');
  expect(span.spanContext().traceId).not.toBe(traceId);
  expect(span.parentSpanContext).toBeUndefined();
  expect(span.links.map(({ context }) => context.traceId)).toEqual([traceId]);
});

test('a refusal carries its code and is no fault of ours; an unexpected error is, without its words', async () => {
  await fetch(`${url}/refused`);
  const refused = await recorder.span('GET /refused');
  expect(refused.attributes).toMatchObject({ 'http.response.status_code': 404, 'error.type': 'PHOTO_NOT_FOUND' });
  expect(refused.status.code).toBe(SpanStatusCode.UNSET);
  await fetch(`${url}/broken`);
  const broken = await recorder.span('GET /broken');
  expect(broken.attributes).toMatchObject({ 'http.response.status_code': 500, 'error.type': 'INTERNAL' });
  expect(broken.status).toEqual({ code: SpanStatusCode.ERROR });
  expect(JSON.stringify([broken.attributes, broken.events])).not.toContain('hunter2');
});

test('what machines ask every few seconds is neither traced nor counted; an unknown address has no name of its own', async () => {
  await fetch(`${url}/healthz`);
  expect(recorder.spans()).toEqual([]);
  await fetch(`${url}/no/such/address`);
  expect((await recorder.span('GET')).attributes).not.toHaveProperty('http.route');
  const text = await registry.getSingleMetricAsString('kilas_http_request_duration_seconds');
  expect(text).toContain('route="unknown"');
  expect(text).not.toContain('no/such');
  expect(text).not.toContain('healthz');
});

test('requests are timed by service, method, pattern and class of status', async () => {
  await fetch(`${url}/things/42`);
  await recorder.span('GET /things/:thingId');
  const text = await registry.getSingleMetricAsString('kilas_http_request_duration_seconds');
  expect(text).toMatch(/_count\{service="shop",method="GET",route="\/things\/:thingId",status="2xx"\} [1-9]/);
  expect(text).not.toContain('42"');
});

import { ApiClient } from '@kilas/client/api-client.ts';
import { buyPhoto, downloadOriginal, downloadPreview } from '@kilas/client/journey/buy-photo.ts';
import { enrolSelfie, listFound } from '@kilas/client/journey/find-photos.ts';
import { becomeCreator, giveConsent, register } from '@kilas/client/journey/people.ts';
import { awaitRecognition, createEvent, uploadPhotos } from '@kilas/client/journey/sell-photos.ts';
import { makeSelfie, samplePhotoFiles } from '@kilas/samples/photos.ts';
import { type ServiceProcesses, startProcesses } from '@kilas/testkit/start-processes.ts';
import { drawTrace, type ReceivedSpan, startTraceReceiver, type TraceReceiver } from '@kilas/testkit/trace-receiver.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { listenForSecrets } from './listen-for-secrets.ts';

const lines: string[] = [];
const secrets = listenForSecrets();
let receiver: TraceReceiver;
let processes: ServiceProcesses;
let photoId = '';

/** A member enrols; then a creator uploads a photo of them, they hear of it, and buy it. */
async function journey(api: ApiClient): Promise<string> {
  const member = await register(api, 'member');
  await giveConsent(member);
  await enrolSelfie(member, await makeSelfie());
  const creator = await register(api, 'creator');
  await becomeCreator(creator, 'Lensa Jakarta');
  const eventId = await createEvent(creator, 'Bandung Night Run', 'matches');
  const [file = ''] = await samplePhotoFiles();
  const [upload] = await uploadPhotos(creator, [file], eventId, 50_000);
  await awaitRecognition(creator, [upload?.photoId ?? ''], () => {});
  const [found] = await listFound(member);
  expect(found?.photoId).toBe(upload?.photoId);
  await downloadPreview(member, found?.photoId ?? '');
  await buyPhoto(member, found?.photoId ?? '');
  await downloadOriginal(member, found?.photoId ?? '');
  return found?.photoId ?? '';
}

beforeAll(async () => {
  receiver = await startTraceReceiver();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, LOG_LEVEL: 'trace' };
  processes = await startProcesses({ env, onLine: (_service, line) => lines.push(line) });
  photoId = await journey(new ApiClient(processes.url));
}, 300_000);

afterAll(async () => {
  await processes?.stop();
  await receiver?.stop();
  secrets.stop();
});

const serverSpan = 2;
const delivered = 'kilas.platform.v1.EventService/Deliver';

/** The trace that begins with a request on a route, once a span of it fits. */
async function awaitTrace(route: string, isLast: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan[]> {
  return waitFor(
    () => {
      const roots = receiver.spans().filter(({ name, parentSpanId }) => name === route && parentSpanId === '');
      const traces = roots.map(({ traceId }) => receiver.spans().filter((span) => span.traceId === traceId));
      return traces.find((trace) => trace.some(isLast) && areParentsThere(trace));
    },
    { what: `the trace of ${route}`, timeoutMs: 60_000 },
  );
}

/** Spans come in batches, those of a process long after those of another. */
function areParentsThere(trace: readonly ReceivedSpan[]): boolean {
  const ids = new Set(trace.map(({ spanId }) => spanId));
  return trace.every(({ parentSpanId }) => parentSpanId === '' || ids.has(parentSpanId));
}

/** The names from the root down to a span, each with its service. */
function pathTo(trace: readonly ReceivedSpan[], last: ReceivedSpan | undefined): string[] {
  if (last === undefined) return [];
  const parent = trace.find(({ spanId }) => spanId === last.parentSpanId);
  return [
    ...pathTo(trace, parent),
    `${last.service.replace('kilas-', '')}: ${last.name.replace(/^kilas\.\w+\.v1\./, '')}`,
  ];
}

function printTrace([span]: readonly ReceivedSpan[]): void {
  process.stdout.write(`${drawTrace(receiver.spans(), span?.traceId ?? '')}\n`);
}

const deliveryTo = (service: string) => (span: ReceivedSpan) =>
  span.service === service && span.name === delivered && span.kind === serverSpan;

test('one trace holds an upload from its request over four services to the notice that the member gets', async () => {
  const trace = await awaitTrace('POST /v1/uploads/photos', deliveryTo('kilas-user'));
  printTrace(trace);
  expect(new Set(trace.map(({ service }) => service))).toEqual(
    new Set(['kilas-upload', 'kilas-user', 'kilas-photo', 'kilas-ai']),
  );
  expect(pathTo(trace, trace.find(deliveryTo('kilas-user')))).toEqual([
    'upload: POST /v1/uploads/photos',
    'upload: process derive-photo',
    'upload: process publish-photo',
    'upload: process recognise-photo',
    'upload: FaceService/ProcessPhoto',
    'ai: FaceService/ProcessPhoto',
    'ai: MatchService/RecordRecognition',
    'photo: MatchService/RecordRecognition',
    'photo: process events-to-user',
    'photo: EventService/Deliver',
    'user: EventService/Deliver',
  ]);
  for (const name of ['process derive-photo', 'process recognise-photo']) {
    expect(trace.find((span) => span.name === name)?.attributes).toMatchObject({ 'kilas.photo.id': photoId });
  }
});

test('an order is one trace over transaction and photo', async () => {
  const isQuote = ({ service, kind }: ReceivedSpan) => service === 'kilas-photo' && kind === serverSpan;
  const trace = await awaitTrace('POST /v1/orders', isQuote);
  printTrace(trace);
  expect(pathTo(trace, trace.find(isQuote))).toEqual([
    'transaction: POST /v1/orders',
    'transaction: SaleService/QuotePhotos',
    'photo: SaleService/QuotePhotos',
  ]);
  expect(trace.find(({ parentSpanId }) => parentSpanId === '')?.attributes).toHaveProperty('kilas.order.id');
});

test('its payment is one trace, from what the provider tells to the photo that is sold and the creator who hears of it', async () => {
  const route = 'POST /v1/payments/sandbox/webhook';
  const trace = await awaitTrace(route, deliveryTo('kilas-user'));
  await waitFor(() => receiver.spans().some((s) => s.traceId === trace[0]?.traceId && deliveryTo('kilas-photo')(s)), {
    what: 'photo to have been told',
  });
  printTrace(trace);
  const whole = receiver.spans().filter(({ traceId }) => traceId === trace[0]?.traceId);
  for (const service of ['user', 'photo']) {
    expect(pathTo(whole, whole.find(deliveryTo(`kilas-${service}`)))).toEqual([
      `transaction: ${route}`,
      `transaction: process events-to-${service}`,
      'transaction: EventService/Deliver',
      `${service}: EventService/Deliver`,
    ]);
  }
});

const logged = z.looseObject({
  level: z.number(),
  time: z.string(),
  service: z.string(),
  msg: z.string(),
  requestId: z.string().optional(),
  trace_id: z.string().optional(),
  span_id: z.string().optional(),
});

test('each line that a service writes is JSON with its level and service; a request says its id and its trace', async () => {
  const parsed = lines.map((line) => logged.parse(JSON.parse(line)));
  expect(new Set(parsed.map(({ service }) => service)).size).toBe(5);
  const requests = parsed.filter(({ msg, route }) => msg === 'request' && String(route).startsWith('/v1/'));
  expect(requests.length).toBeGreaterThan(20);
  for (const { requestId, trace_id: traceId, span_id: spanId } of requests) {
    expect(requestId).toMatch(/^[\w-]{8,64}$/);
    await waitFor(() => receiver.spans().some((span) => span.traceId === traceId && span.spanId === spanId), {
      what: 'the span of a request that was logged',
    });
  }
});

test('no line and no span of a whole journey holds an address, a name, a password, a token or a link', () => {
  const written = [...lines, ...receiver.spans().map((span) => JSON.stringify(span.attributes) + span.name)];
  expect(secrets.heard().length).toBeGreaterThan(20);
  for (const text of written) {
    for (const secret of secrets.heard()) expect(text.toLowerCase()).not.toContain(secret.toLowerCase());
    expect(text).not.toMatch(/[\w.+-]+@[\w-]+\.\w+|eyJ[\w-]+\.|bearer |signature=|token=/i);
  }
});

import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openDatabase } from '../db/database.ts';
import type { JobKind } from '../jobs/job-kinds.ts';
import { Jobs } from '../jobs/jobs.ts';
import { openLog } from '../process/log.ts';
import { recordSpans } from '../testing/record-spans.ts';
import { registry } from './metrics.ts';
import { tracer, withinSpan } from './spans.ts';

const kind = (name: string, retryCountMax: number): JobKind<{ text: string }> => ({
  name,
  data: z.object({ text: z.string() }),
  retryCountMax,
  retryDelaySeconds: 1,
  retryDelayMaxSeconds: 1,
  timeoutSeconds: 30,
});
const draw = kind('draw', 1);
const frame = kind('frame', 0);
const nobodys = kind('nobodys', 0);

const recorder = recordSpans();
const database = await createTestDatabase();
const db = openDatabase<object>({ url: database.url, poolSizeMax: 4, onTrouble: () => {} });
const jobs = new Jobs({ databaseUrl: database.url, log: openLog('gallery', 'silent') });
const send = (job: JobKind<{ text: string }>, text: string) =>
  db.transaction().execute((tx) => jobs.send(tx, job, { text }));

await jobs.start([draw, frame, nobodys]);
jobs.handle(draw, 1, async ({ data, attempt }) => {
  if (data.text === 'flaky' && attempt === 0) throw new RangeError('secret detail');
  await send(frame, data.text);
});
jobs.handle(frame, 1, async ({ data }) => {
  if (data.text === 'torn') throw new Error('secret detail');
});
await jobs.work();

afterAll(async () => {
  await jobs.hold();
  await jobs.stop();
  await db.destroy();
  await database.drop();
});

const textOf = (name: string) => registry.getSingleMetricAsString(name);

test('a job and the jobs that it sends belong to the trace of the request that sent the first', async () => {
  const request = tracer.startSpan('request');
  await withinSpan(ROOT_CONTEXT, request, () => send(draw, 'good'));
  const framed = await recorder.span('process frame');
  const drawn = await recorder.span('process draw');
  expect(drawn).toMatchObject({
    kind: SpanKind.CONSUMER,
    attributes: { 'messaging.system': 'pg-boss', 'messaging.destination.name': 'draw', 'kilas.job.attempt': 0 },
  });
  expect(drawn.spanContext().traceId).toBe(request.spanContext().traceId);
  expect(drawn.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
  expect(framed.parentSpanContext?.spanId).toBe(drawn.spanContext().spanId);
});

test('each try of a job is a span of its own; the one that failed says of what, without the words of the error', async () => {
  recorder.clear();
  await send(draw, 'flaky');
  await recorder.span('process frame');
  const [first, second] = recorder.spans().filter(({ name }) => name === 'process draw');
  expect(first?.attributes).toMatchObject({ 'kilas.job.attempt': 0, 'error.type': 'RangeError' });
  expect(first?.status).toEqual({ code: SpanStatusCode.ERROR });
  expect(JSON.stringify([first?.attributes, first?.events])).not.toContain('secret');
  expect(second?.attributes).toMatchObject({ 'kilas.job.attempt': 1 });
});

test('runs are counted by how they ended', async () => {
  await send(frame, 'torn');
  await waitFor(async () => (await textOf('kilas_job_duration_seconds')).includes('kind="frame",outcome="failed"} 1'), {
    what: 'the job that failed for good to be counted',
  });
  const text = await textOf('kilas_job_duration_seconds');
  expect(text).toContain('_count{service="gallery",kind="draw",outcome="done"} 2');
  expect(text).toContain('_count{service="gallery",kind="draw",outcome="again"} 1');
  expect(text).toContain('_count{service="gallery",kind="draw",outcome="failed"} 0');
});

test('the queues show how many jobs wait and since when, and which failed', async () => {
  await send(nobodys, 'waits');
  await waitFor(
    async () => {
      const counts = await textOf('kilas_jobs');
      return (
        counts.includes('kilas_jobs{kind="nobodys",state="waiting",service="gallery"} 1') &&
        counts.includes('kilas_jobs{kind="frame",state="failed",service="gallery"} 1')
      );
    },
    { what: 'the queues to be counted', timeoutMs: 25_000 },
  );
  const waits = await textOf('kilas_job_oldest_wait_seconds');
  expect(waits).toMatch(/kind="nobodys",service="gallery"\} (0\.\d|[1-9])/);
  expect(waits).toContain('kind="frame",service="gallery"} 0');
});

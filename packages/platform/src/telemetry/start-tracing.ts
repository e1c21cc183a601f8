import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import packageJson from '../../package.json' with { type: 'json' };
import type { Log } from '../process/log.ts';

/** One try to hand spans over, tries again included; it bounds how long a stopping process may linger. */
const exportMaxMs = 3_000;
/** How long a stop waits for the last spans to be taken. */
const flushMaxMs = 2_000;
/** Spans that wait while the receiver is away or slow; more are dropped. */
const waitingMax = 4_096;

export interface TracingOptions {
  readonly service: string;
  /** Base address of a receiver of OTLP over HTTP, "http://127.0.0.1:4318". */
  readonly endpoint: string;
  /** Share of the traces that are kept, 0 to 1; a trace that another service began goes by what that one decided. */
  readonly sampleRatio: number;
  readonly log: Log;
}

/** Records the spans of this process from now on and exports them. The function returned hands over the last ones and ends it. */
export function startTracing(options: TracingOptions): () => Promise<void> {
  const url = `${options.endpoint.replace(/\/$/, '')}/v1/traces`;
  const exporter = reportOnce(new OTLPTraceExporter({ url, timeoutMillis: exportMaxMs }), options.log);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': `kilas-${options.service}`,
      'service.version': packageJson.version,
      'service.instance.id': `${os.hostname()}:${process.pid}`,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.sampleRatio) }),
    spanLimits: { attributeCountLimit: 32, attributeValueLengthLimit: 256, linkCountLimit: 8, eventCountLimit: 8 },
    spanProcessors: [new BatchSpanProcessor({ exporter, maxQueueSize: waitingMax, scheduledDelayMillis: 2_000 })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  trace.setGlobalTracerProvider(provider);
  return async () => {
    const limit = new AbortController();
    const flushed = provider.shutdown().catch(() => {});
    await Promise.race([flushed, delay(flushMaxMs, undefined, { signal: limit.signal }).catch(() => {})]);
    limit.abort();
    trace.disable();
    context.disable();
  };
}

/** A receiver that is away costs spans and nothing else: one line says so, and one that it is back. */
function reportOnce(exporter: SpanExporter, log: Log): SpanExporter {
  let isAway = false;
  return {
    export: (spans: ReadableSpan[], done) =>
      exporter.export(spans, (result) => {
        if (result.error !== undefined && !isAway) log.warn({ err: result.error }, 'traces cannot be exported');
        if (result.error === undefined && isAway) log.info('traces are exported again');
        isAway = result.error !== undefined;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}

import { waitFor } from '@kilas/testkit/wait-for.ts';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

export interface SpanRecorder {
  /** Spans that ended since the last `clear`, in the order of their ends. */
  spans(): ReadableSpan[];
  /** The one that has this name, once it ended; throws when more than one does. */
  span(name: string): Promise<ReadableSpan>;
  clear(): void;
}

/** Records the spans of this process in memory; once a test file. */
export function recordSpans(): SpanRecorder {
  const exporter = new InMemorySpanExporter();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  return {
    spans: () => exporter.getFinishedSpans(),
    span: (name) =>
      waitFor(
        () => {
          const named = exporter.getFinishedSpans().filter((span) => span.name === name);
          if (named.length > 1) throw new Error(`${named.length} spans are called ${name}`);
          return named[0];
        },
        { what: `a span ${name}` },
      ),
    clear: () => exporter.reset(),
  };
}

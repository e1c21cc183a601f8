import { type Context, context, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { errorTypeOf } from './error-type.ts';
import { contextBelow } from './traceparent.ts';

/** Costs next to nothing until `startTracing` installs what records. */
export const tracer = trace.getTracer('kilas');

/** Runs as part of a span; what is started, sent or logged inside belongs to it. */
export function withinSpan<T>(parent: Context, span: Span, run: () => T): T {
  return context.with(trace.setSpan(parent, span), run);
}

/** Marks a span as failed, with a stable name of what went wrong; an error's own words may hold what is personal. */
export function markFailed(span: Span, errorType: string): void {
  span.setAttribute('error.type', errorType);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Notes on the current span which thing is at work, `noteThing('file', fileId)`: an id, never a person's. */
export function noteThing(thing: string, id: string): void {
  trace.getActiveSpan()?.setAttribute(`kilas.${thing}.id`, id);
}

/** A step that is worth a span of its own, below the current one. */
export function inSpan<T>(name: string, run: () => Promise<T>): Promise<T> {
  return inSpanOf(context.active(), name, run);
}

/** A step that goes on with the trace from elsewhere that it names. */
export function inSpanBelow<T>(traceparent: string, name: string, run: () => Promise<T>): Promise<T> {
  return inSpanOf(contextBelow(traceparent), name, run);
}

async function inSpanOf<T>(parent: Context, name: string, run: () => Promise<T>): Promise<T> {
  const span = tracer.startSpan(name, {}, parent);
  try {
    return await withinSpan(parent, span, run);
  } catch (error) {
    markFailed(span, errorTypeOf(error));
    throw error;
  } finally {
    span.end();
  }
}

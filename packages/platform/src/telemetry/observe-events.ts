import { SpanKind } from '@opentelemetry/api';
import { errorTypeOf } from './error-type.ts';
import { countRun } from './observe-jobs.ts';
import { markFailed, tracer, withinSpan } from './spans.ts';
import { contextBelow } from './traceparent.ts';

export interface ObservedEvent {
  readonly eventId: string;
  readonly attempts: number;
  /** That of whoever published it. */
  readonly traceparent: string | undefined;
}

/**
 * Runs a call that tells several events. Each has a span in its own publisher's trace; the call itself belongs to that of the first,
 * and the subscriber goes on with each one's.
 */
export async function observeEvents<Event extends ObservedEvent, Told extends object>(
  queue: { readonly service: string; readonly kind: string },
  events: readonly Event[],
  call: () => Promise<ReadonlyMap<Event, Told>>,
): Promise<ReadonlyMap<Event, Told>> {
  const startedAt = performance.now();
  const opened = events.map((event) => {
    const parent = contextBelow(event.traceparent);
    const attributes = {
      'messaging.system': 'kilas',
      'messaging.operation.type': 'process',
      'messaging.destination.name': queue.kind,
      'messaging.message.id': event.eventId,
      'kilas.job.attempt': event.attempts,
    };
    return {
      event,
      parent,
      span: tracer.startSpan(`process ${queue.kind}`, { kind: SpanKind.CONSUMER, attributes }, parent),
    };
  });
  const [first] = opened;
  const end = (failureOf: (event: Event) => string | undefined) => {
    const seconds = (performance.now() - startedAt) / 1000;
    for (const { event, span } of opened) {
      const failure = failureOf(event);
      countRun(queue, failure === undefined ? 'done' : 'again', seconds);
      if (failure !== undefined) markFailed(span, failure);
      span.end();
    }
  };
  try {
    const told = await (first === undefined ? call() : withinSpan(first.parent, first.span, call));
    end((event) => failureIn(told.get(event)));
    return told;
  } catch (error) {
    end(() => errorTypeOf(error));
    throw error;
  }
}

function failureIn(told: object | undefined): string | undefined {
  if (told === undefined) return 'NOT_TRIED';
  return 'failure' in told ? String(told.failure) : undefined;
}

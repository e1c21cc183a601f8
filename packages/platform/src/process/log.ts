import { isSpanContextValid, trace } from '@opentelemetry/api';
import pino from 'pino';
import { currentRequestId } from './request-context.ts';

export type Log = pino.Logger;

/** Headers that carry secrets, and what PostgreSQL adds to an error of the row that was refused: "Failing row contains (…)". */
const neverShown = [
  'req.headers.authorization',
  'req.headers.cookie',
  'res.headers["set-cookie"]',
  // What the parser of forms says at the level trace.
  'busboyOptions.headers',
  'err.detail',
  'err.where',
  'err.aggregateErrors[*].detail',
  'err.aggregateErrors[*].where',
];

/** JSON lines on standard output with the service's name, the request id and the trace; what is secret or personal never shows. */
export function openLog(service: string, level: string): Log {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => ({ ...currentRequest(), ...currentTrace() }),
    redact: neverShown,
  });
}

function currentRequest(): { requestId?: string } {
  const requestId = currentRequestId();
  return requestId === undefined ? {} : { requestId };
}

/** Named as OpenTelemetry's log data model has it in JSON. */
function currentTrace(): { trace_id?: string; span_id?: string } {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || !isSpanContextValid(span)) return {};
  return { trace_id: span.traceId, span_id: span.spanId };
}

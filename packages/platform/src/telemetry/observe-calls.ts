import type { Interceptor } from '@connectrpc/connect';
import { SpanKind } from '@opentelemetry/api';
import { startCallSpan } from './observe-peers.ts';
import { codeNameOf, serverFaults } from './rpc-code.ts';
import { callsAnswered } from './rpc-times.ts';
import { markFailed, withinSpan } from './spans.ts';
import { contextBelow } from './traceparent.ts';

/** Times every call that arrives, those of strangers too; the outermost of the interceptors. */
export function measureCalls(service: string): Interceptor {
  const record = callsAnswered(service);
  return (next) => async (req) => {
    const startedAt = performance.now();
    try {
      const response = await next(req);
      record(req.method, 'OK', startedAt);
      return response;
    } catch (error) {
      record(req.method, codeNameOf(error), startedAt);
      throw error;
    }
  };
}

/** Continues the caller's trace. To stand behind the one that made sure who calls: a trace of strangers is not continued. */
export const traceCalls: Interceptor = (next) => async (req) => {
  const parent = contextBelow(req.header.get('traceparent'));
  const span = startCallSpan(req.method, SpanKind.SERVER, parent);
  try {
    return await withinSpan(parent, span, () => next(req));
  } catch (error) {
    const code = codeNameOf(error);
    if (serverFaults.has(code)) markFailed(span, code);
    else span.setAttribute('error.type', code);
    throw error;
  } finally {
    span.end();
  }
};

import type { DescMethod } from '@bufbuild/protobuf';
import type { Transport } from '@connectrpc/connect';
import { context, type Span, SpanKind } from '@opentelemetry/api';
import type { Peers } from '../rpc/rpc.ts';
import { codeNameOf } from './rpc-code.ts';
import { callsAsked, type RecordCall } from './rpc-times.ts';
import { markFailed, tracer } from './spans.ts';
import { formatTraceparent } from './traceparent.ts';

/**
 * Peers whose calls are timed and traced, however they find the others: one span a call, which the other side continues.
 * No two services talk in streams.
 */
export function observePeers(service: string, peers: Peers): Peers {
  const record = callsAsked(service);
  const observed = new Map<string, Transport>();
  return (peer) => {
    const known = observed.get(peer);
    if (known !== undefined) return known;
    const transport = observe(peers(peer), record);
    observed.set(peer, transport);
    return transport;
  };
}

function observe(transport: Transport, record: RecordCall): Transport {
  return {
    unary: async (method, signal, timeoutMs, header, input, contextValues) => {
      const startedAt = performance.now();
      const span = startCallSpan(method, SpanKind.CLIENT);
      const traceparent = formatTraceparent(span.spanContext());
      const carried = traceparent === undefined ? header : withHeader(header, 'traceparent', traceparent);
      try {
        const response = await transport.unary(method, signal, timeoutMs, carried, input, contextValues);
        record(method, 'OK', startedAt);
        return response;
      } catch (error) {
        const code = codeNameOf(error);
        record(method, code, startedAt);
        markFailed(span, code);
        throw error;
      } finally {
        span.end();
      }
    },
    stream: (...call) => transport.stream(...call),
  };
}

/** A span named and described as OpenTelemetry's conventions for RPC have it, below the current one or `parent`. */
export function startCallSpan(method: DescMethod, kind: SpanKind, parent = context.active()): Span {
  const name = `${method.parent.typeName}/${method.name}`;
  return tracer.startSpan(name, { kind, attributes: { 'rpc.system.name': 'grpc', 'rpc.method': name } }, parent);
}

type HeaderFields = ConstructorParameters<typeof Headers>[0];

function withHeader(header: HeaderFields, name: string, value: string): HeaderFields {
  if (header === undefined) return { [name]: value };
  const headers = new Headers(header);
  headers.set(name, value);
  return headers;
}

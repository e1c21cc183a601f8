import { once } from 'node:events';
import { createServer } from 'node:http';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

export interface ReceivedSpan {
  /** Of the process that made it, `kilas-photo`. */
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first span of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  /** 2: server, 3: client, 5: consumer. */
  readonly kind: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface TraceReceiver {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  spans(): readonly ReceivedSpan[];
  stop(): Promise<void>;
}

/** Takes spans over OTLP/HTTP in protobuf, as a collector does, and keeps them in memory. */
export async function startTraceReceiver(): Promise<TraceReceiver> {
  const spans: ReceivedSpan[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      spans.push(...readExport(Buffer.concat(chunks)));
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    spans: () => spans,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** One line a span, the children of each below it in the order of their start. */
export function drawTrace(spans: readonly ReceivedSpan[], traceId: string): string {
  const own = spans.filter((span) => span.traceId === traceId).sort((a, b) => (a.startNs < b.startNs ? -1 : 1));
  const ids = new Set(own.map(({ spanId }) => spanId));
  const draw = (span: ReceivedSpan, depth: number): string[] => {
    const took = `${Number((span.endNs - span.startNs) / 1000n) / 1000} ms`;
    const line = `${'  '.repeat(depth)}${span.service.padEnd(20)} ${span.name} (${took})`;
    return [line, ...own.filter(({ parentSpanId }) => parentSpanId === span.spanId).flatMap((c) => draw(c, depth + 1))];
  };
  return own
    .filter(({ parentSpanId }) => !ids.has(parentSpanId))
    .flatMap((root) => draw(root, 0))
    .join('\n');
}

// Field numbers below: opentelemetry/proto/trace/v1/trace.proto, version 1.

function readExport(bytes: Uint8Array): ReceivedSpan[] {
  return listOf(bytes, 1).flatMap((resourceSpans) => {
    const [resource = new Uint8Array()] = listOf(resourceSpans, 1);
    const service = readAttributes(resource, 1)['service.name'] ?? '';
    return listOf(resourceSpans, 2).flatMap((scope) => listOf(scope, 2).map((span) => readSpan(service, span)));
  });
}

function readSpan(service: string, bytes: Uint8Array): ReceivedSpan {
  const hex = (field: number) => Buffer.from(listOf(bytes, field)[0] ?? []).toString('hex');
  const text = (field: number) => Buffer.from(listOf(bytes, field)[0] ?? []).toString();
  const numbers = readNumbers(bytes);
  return {
    service,
    traceId: hex(1),
    spanId: hex(2),
    parentSpanId: hex(4),
    name: text(5),
    kind: Number(numbers.get(6) ?? 0n),
    startNs: numbers.get(7) ?? 0n,
    endNs: numbers.get(8) ?? 0n,
    attributes: readAttributes(bytes, 9),
  };
}

function readAttributes(bytes: Uint8Array, field: number): Record<string, string> {
  const pairs = listOf(bytes, field).map((pair) => {
    const [key = new Uint8Array()] = listOf(pair, 1);
    const [value = new Uint8Array()] = listOf(pair, 2);
    const [text] = listOf(value, 1);
    const shown = text === undefined ? String(readNumbers(value).get(3) ?? '') : Buffer.from(text).toString();
    return [Buffer.from(key).toString(), shown];
  });
  return Object.fromEntries(pairs);
}

/** The values of a field that holds bytes, texts or messages. */
function listOf(bytes: Uint8Array, wanted: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === wanted && type === WireType.LengthDelimited) found.push(reader.bytes());
    else reader.skip(type, field);
  }
  return found;
}

function readNumbers(bytes: Uint8Array): Map<number, bigint> {
  const numbers = new Map<number, bigint>();
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (type === WireType.Varint) numbers.set(field, BigInt(reader.uint64()));
    else if (type === WireType.Bit64) numbers.set(field, BigInt(reader.fixed64()));
    else reader.skip(type, field);
  }
  return numbers;
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import { Writable } from 'node:stream';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { tracer } from './spans.ts';
import { startTracing } from './start-tracing.ts';

function capturingLog() {
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  return { lines, log: pino({ level: 'info' }, sink) };
}

test('a receiver that is away does no harm: one line says so, another that it is back, and the spans come then', async () => {
  process.env.OTEL_EXPORTER_OTLP_HEADERS = 'x-key=of-the-receiver';
  onTestFinished(() => {
    delete process.env.OTEL_EXPORTER_OTLP_HEADERS;
  });
  const { lines, log } = capturingLog();
  const port = await findFreePort();
  const stop = startTracing({ service: 'test', endpoint: `http://127.0.0.1:${port}`, sampleRatio: 1, log });
  const traceNow = () => tracer.startSpan('something').end();
  const said = (text: string) => lines.filter((line) => line.includes(text)).length;
  const awaitLine = (text: string) =>
    waitFor(
      () => {
        traceNow();
        return said(text) > 0;
      },
      { what: `the line "${text}"`, timeoutMs: 25_000 },
    );
  await awaitLine('cannot be exported');
  const received: string[] = [];
  const receiver = createServer((request, response) => {
    received.push(`${request.method} ${request.url} ${request.headers['content-type']} ${request.headers['x-key']}`);
    request.resume().once('end', () => response.end());
  });
  onTestFinished(() => {
    receiver.closeAllConnections();
    receiver.close();
  });
  receiver.listen(port, '127.0.0.1');
  await once(receiver, 'listening');
  await awaitLine('exported again');
  expect(said('cannot be exported')).toBe(1);
  const before = received.length;
  traceNow();
  await stop();
  expect(received.length).toBeGreaterThan(before);
  expect(received.at(-1)).toBe('POST /v1/traces application/x-protobuf of-the-receiver');
});

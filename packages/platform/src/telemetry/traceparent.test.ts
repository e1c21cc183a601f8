import { trace } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { contextBelow, formatTraceparent, parseTraceparent } from './traceparent.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

test.each(['00', '01'])('what is written is read again, with the decision whether it is recorded (%s)', (flags) => {
  const text = `00-${traceId}-${spanId}-${flags}`;
  expect(parseTraceparent(text)).toEqual({ traceId, spanId, traceFlags: Number(flags), isRemote: true });
  expect(formatTraceparent(parseTraceparent(text))).toBe(text);
});

test.each([
  undefined,
  '',
  `00-${traceId}-${spanId}`,
  `01-${traceId}-${spanId}-01`,
  `00-${traceId.toUpperCase()}-${spanId}-01`,
  `00-${'0'.repeat(32)}-${spanId}-01`,
  `00-${traceId}-${'0'.repeat(16)}-01`,
  `00-${traceId}-${spanId}-01-more`,
  [`00-${traceId}-${spanId}-01`, 'another'],
])('what is no traceparent begins a trace of its own: %s', (text) => {
  expect(parseTraceparent(text)).toBeUndefined();
  expect(trace.getSpan(contextBelow(text))).toBeUndefined();
});

test('where nothing is traced nothing is written', () => {
  expect(formatTraceparent(undefined)).toBeUndefined();
  expect(formatTraceparent({ traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 })).toBeUndefined();
});

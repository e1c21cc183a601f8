import { Writable } from 'node:stream';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import pino from 'pino';
import { expect, test } from 'vitest';
import { logTrouble } from './trouble-log.ts';

test('an outage takes one line in ten seconds, which counts what it left out', () => {
  const lines: { leftOut: number }[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const clock = drivenClock();
  const report = logTrouble(pino({}, stream), clock, 'connection lost');
  for (let count = 0; count < 100; count++) report(new Error('connection refused'));
  expect(lines).toMatchObject([{ leftOut: 0 }]);
  clock.advance(10);
  report(new Error('connection refused'));
  expect(lines).toMatchObject([{ leftOut: 0 }, { leftOut: 99 }]);
});

import { expect, test } from 'vitest';
import { deviceOf } from './device.ts';

test('a user agent is said in two words, whatever else it claims to be', () => {
  const edge =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0';
  const phone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';
  const android = 'Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 Chrome/139.0 Mobile Safari/537.36';
  expect(deviceOf(edge)).toEqual({ browser: 'Edge', system: 'Windows' });
  expect(deviceOf(phone)).toEqual({ browser: 'Safari', system: 'iPhone' });
  expect(deviceOf(android)).toEqual({ browser: 'Chrome', system: 'Android' });
});

test('what nobody knows has no name', () => {
  expect(deviceOf('curl/8')).toEqual({ browser: undefined, system: undefined });
});

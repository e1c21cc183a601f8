import { problems } from '@kilas/messages/problems.ts';
import { afterAll, expect, test } from 'vitest';
import { createHttpApp } from '../http/http-app.ts';
import { openLog } from '../process/log.ts';
import { registerMetrics } from './metrics-route.ts';

const options = {
  title: 'test',
  log: openLog('test', 'silent'),
  problems,
  corsOrigins: [],
  trustedProxies: ['10.0.0.0/8'],
};
const inner = await createHttpApp(options);
registerMetrics(inner, { isPublic: false, services: () => [] });
const open = await createHttpApp(options);
registerMetrics(open, { isPublic: true, services: () => [] });
afterAll(async () => {
  await inner.close();
  await open.close();
});

test('the metrics of the process and its version are served as text, and stand in no OpenAPI document', async () => {
  const reply = await inner.inject({ url: '/metrics', remoteAddress: '10.1.2.3' });
  expect(reply.headers['content-type']).toContain('text/plain; version=0.0.4');
  expect(reply.body).toMatch(/kilas_build_info\{version="\d+\.\d+\.\d+"\} 1/);
  expect(reply.body).toContain('process_resident_memory_bytes');
  expect(reply.body).toContain('nodejs_eventloop_lag_p99_seconds');
  expect(inner.swagger().paths).toEqual({});
});

test('where strangers reach the port too, this machine alone is answered, for others the route is not there', async () => {
  for (const remoteAddress of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
    expect((await open.inject({ url: '/metrics', remoteAddress })).statusCode).toBe(200);
  }
  const refused = [
    { remoteAddress: '192.168.1.7' },
    { remoteAddress: '12.7.0.1' },
    { remoteAddress: '127.0.0.1', headers: { 'x-forwarded-for': '127.0.0.1' } },
    { remoteAddress: '10.0.0.5', headers: { 'x-forwarded-for': '127.0.0.1' } },
  ];
  for (const request of refused) {
    const reply = await open.inject({ url: '/metrics', ...request });
    expect(reply.json()).toMatchObject({ status: 404, code: 'ROUTE_NOT_FOUND' });
  }
});

import { signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { urlMap } from './url-map.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ services: ['user', 'photo', 'upload', 'transaction'] });
});
afterAll(() => system?.close());

const scrape = async () => (await system.app.inject('/metrics')).body;

test('services that share a process are told apart, to the route that a scope of its own serves', async () => {
  const { headers } = await signUpMember(system);
  await system.app.inject({ url: '/v1/cart', headers });
  await system.app.inject({ method: 'POST', url: '/v1/uploads/photo' });
  const text = await scrape();
  for (const labels of [
    'service="user",method="POST",route="/v1/auth/sign-in",status="2xx"',
    'service="photo",method="GET",route="/v1/cart",status="2xx"',
    'service="upload",method="POST",route="/v1/uploads/photo",status="4xx"',
  ]) {
    expect(text).toContain(`kilas_http_request_duration_seconds_count{${labels}} 1`);
  }
  expect(text).toContain('kilas_sign_ins_total{service="user",outcome="signed-in"} 1');
  const authenticate = 'rpc_service="kilas.user.v1.SessionService",rpc_method="Authenticate",code="OK"';
  expect(text).toContain(`kilas_rpc_client_duration_seconds_count{service="photo",${authenticate}} 1`);
  expect(text).toContain(`kilas_rpc_server_duration_seconds_count{service="user",${authenticate}} 1`);
});

test('what each service stands on and what its queues hold is read when somebody asks', async () => {
  const text = await waitFor(
    async () => {
      const scraped = await scrape();
      return scraped.includes('kilas_jobs{kind="derive-photo",state="waiting",service="upload"} 0') && scraped;
    },
    { what: 'the queues to be counted' },
  );
  for (const service of ['user', 'photo', 'upload', 'transaction']) {
    expect(text).toContain(`kilas_part_up{part="database",service="${service}"} 1`);
    expect(text).toMatch(new RegExp(`kilas_database_pool_connections\\{state="open",service="${service}"\\} [1-9]`));
  }
  expect(text).toContain('kilas_part_up{part="objects",service="upload"} 1');
  expect(text).toContain('kilas_orders_open{service="transaction"} 0');
  expect(text).toMatch(/kilas_disk_free_bytes\{folder="spool",service="upload"\} [1-9]/);
});

test('strangers are not told, and the public proxy passes nothing on', async () => {
  const refused = await system.app.inject({ url: '/metrics', remoteAddress: '192.168.1.7' });
  expect(refused.json()).toMatchObject({ status: 404, code: 'ROUTE_NOT_FOUND' });
  expect(urlMap.filter(({ prefix }) => '/metrics'.startsWith(prefix))).toEqual([]);
  expect(Object.keys(system.app.swagger().paths ?? {})).not.toContain('/metrics');
});

import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { glob, mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import http2 from 'node:http2';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { startConsulStandIn } from '@kilas/embedded/consul-stand-in.ts';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { startS3 } from '@kilas/embedded/s3/start-s3.ts';
import { openFront } from '@kilas/gateway/front.ts';
import { makeWebFolder } from '@kilas/gateway/testing/make-web-folder.ts';
import { problems } from '@kilas/messages/problems.ts';
import { serveBackupMetrics } from '@kilas/operator/backup/backup-metrics.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { createServiceVerifier, newServiceKey } from '@kilas/platform/rpc/service-token.ts';
import { runService } from '@kilas/platform/service/run-service.ts';
import type { Service } from '@kilas/platform/service/service.ts';
import { startSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { expect, onTestFinished, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

/** Every file that opens a port, and what keeps a page of a foreign site from what is behind it. */
const listeners: Readonly<Record<string, string>> = {
  'packages/platform/src/service/run-service.ts': 'tested below',
  'packages/platform/src/rpc/rpc-server.ts': 'tested below',
  'apps/standalone/src/start-installation.ts': 'tested below',
  'apps/cluster/src/cluster.ts': 'tested below',
  'packages/embedded/src/consul-stand-in.ts': 'tested below',
  'packages/embedded/src/s3/start-s3.ts': 'tested below',
  'packages/embedded/src/pglite-process.ts': 'a Unix socket that we alone may open; a port for tests alone',
  'packages/embedded/src/free-port.ts': 'answers nothing, and ends at once',
  'packages/cli/src/check-port.ts': 'answers nothing, and ends at once',
  'packages/fleet/src/port-supply.ts': 'answers nothing, and ends at once',
  'apps/operator/src/backup/backup-metrics.ts': 'tested below',
  'deploy/away.mjs': 'says 503 to whoever asks, and knows nothing',
};

test('every file that opens a port is known here', async () => {
  const files: string[] = [];
  for await (const file of glob('{packages,services,apps,deploy}/**/*.{ts,mjs}', {
    cwd: root,
    exclude: (name) => name === 'node_modules',
  })) {
    const isTest = /[.]test[.]ts$|\/testing\/|^packages\/testkit\/|[.]d[.]ts$/.test(file);
    const opens = /\.listen\(|[cC]reate(Secure|Tls)?Server\(|new \w+Server\(/;
    if (!isTest && opens.test(readFileSync(path.join(root, file), 'utf8'))) files.push(file);
  }
  expect(files.sort()).toEqual(Object.keys(listeners).sort());
});

/** What a browser at a page of evil.example sends whose name was made to lead to this machine. */
const foreign = ['evil.example', 'evil.example:80', 'localhost.evil.example'];
/** As people, health checks, Prometheus and a proxy that passes the Host on come. */
const own = (port: string) => [`localhost:${port}`, `127.0.0.1:${port}`, '10.0.0.7', `[::1]:${port}`];

async function ask(url: string, headers: Record<string, string>, method = 'GET') {
  const request = http.request(url, { method, headers, agent: false });
  request.end();
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  return { status: response.statusCode ?? 0, body: await text(response) };
}

async function expectGuarded(url: string, paths: readonly string[]): Promise<void> {
  const { port } = new URL(url);
  for (const where of paths) {
    for (const host of foreign) {
      const { status, body } = await ask(`${url}${where}`, { host });
      expect(status, `${host} ${where}`).toBe(421);
      expect(body, where).not.toMatch(/process_resident_memory|confirm\?token|"services"/);
    }
    for (const host of own(port)) {
      expect((await ask(`${url}${where}`, { host })).status, `${host} ${where}`).not.toBe(421);
    }
  }
}

async function startService(ownNames?: readonly string[]) {
  const key = newServiceKey();
  const log = openLog('test', 'silent');
  const service: Service = {
    name: 'user',
    log,
    verifyCaller: createServiceVerifier('user', { photo: createPublicKey(key.publicKeyPem) }),
    rpc: () => {},
    http: (app) => void app.get('/dev/mail.json', async () => ({ items: [] })),
    work: async () => {},
    hold: async () => {},
    ready: async () => ({}),
    close: async () => {},
  };
  const [httpPort, rpcPort] = [await findFreePort(), await findFreePort()];
  const place = { host: '127.0.0.1', httpPort, rpcPort, title: 'test', corsOrigins: [], trustedProxies: ['127.0.0.1'] };
  const stop = Promise.withResolvers<void>();
  const ready = Promise.withResolvers<void>();
  const presence = { announce: () => ready.resolve(), withdraw: async () => {} };
  const ended = runService(
    service,
    { ...place, log, problems, presence, ...(ownNames === undefined ? {} : { ownNames }) },
    stop.promise,
  );
  onTestFinished(async () => {
    stop.resolve();
    await ended;
  });
  await ready.promise;
  return { url: `http://127.0.0.1:${httpPort}`, rpcUrl: `http://127.0.0.1:${rpcPort}` };
}

test('the HTTP port of a service answers under its own names alone, whatever X-Forwarded-Host says', async () => {
  const { url } = await startService(['photos.example']);
  const paths = ['/metrics', '/readyz', '/healthz', '/trafficz', '/openapi.json', '/dev/mail.json', '/nowhere'];
  await expectGuarded(url, paths);
  expect((await ask(`${url}/metrics`, { host: 'photos.example' })).status).toBe(200);
  const claimed = { host: 'evil.example', 'x-forwarded-host': 'photos.example' };
  expect((await ask(`${url}/metrics`, claimed)).status).toBe(421);
  const told = { host: 'photos.example', 'x-forwarded-host': 'evil.example' };
  expect((await ask(`${url}/metrics`, told)).status).toBe(200);
});

test('where a proxy judges the names, a service answers under any', async () => {
  const { url } = await startService(['*']);
  expect((await ask(`${url}/healthz`, { host: 'whatever.example' })).status).toBe(200);
});

test('the gRPC port speaks no HTTP that a page in a browser can send', async () => {
  const { rpcUrl } = await startService();
  const answer = await ask(`${rpcUrl}/grpc.health.v1.Health/Check`, { host: 'evil.example' }, 'POST').catch(String);
  expect(JSON.stringify(answer)).not.toMatch(/SERVING|"status":2/);
  const session = http2.connect(rpcUrl);
  onTestFinished(() => session.destroy());
  // What fetch may send at all has another content type than gRPC wants.
  const call = session.request({
    ':path': '/grpc.health.v1.Health/Check',
    ':method': 'POST',
    'content-type': 'text/plain',
  });
  call.end();
  const [headers] = (await once(call, 'response')) as [http2.IncomingHttpHeaders];
  expect(headers[':status']).toBe(415);
});

test('the embedded run answers under its own names alone', async () => {
  const system = await startSystem({ services: ['user'] });
  onTestFinished(() => system.close());
  const url = await system.app.listen({ host: '127.0.0.1', port: 0 });
  await expectGuarded(url, ['/metrics', '/readyz', '/healthz', '/dev/mail.json', '/dev/mail', '/v1/me', '/nowhere']);
  // Of PUBLIC_URL.
  expect((await ask(`${url}/metrics`, { host: 'kilas.test' })).status).toBe(200);
});

test('the front of the cluster answers under its own names alone', async () => {
  const folder = await makeWebFolder();
  const front = await openFront({ addressesOf: () => [], web: { folder } });
  onTestFinished(() => front.close());
  const url = await front.listen({ host: '127.0.0.1', port: 0 });
  await expectGuarded(url, ['/', '/docs/', '/readyz', '/healthz', '/v1/auth/sign-in', '/dev/mail.json', '/nowhere']);
});

test('the Consul of the cluster answers no foreign name, no browser, and nobody without the token', async () => {
  const token = 'a token of this run';
  const consul = await startConsulStandIn({ token });
  onTestFinished(() => consul.stop());
  const fake = JSON.stringify({ Name: 'kilas-user', Address: '127.0.0.1', Port: 6666, Meta: { http_port: '6666' } });
  const register = (headers: Record<string, string>, query = '') =>
    fetch(`${consul.url}/v1/agent/service/register${query}`, { method: 'PUT', body: fake, headers });
  const registered = async () => {
    const response = await fetch(`${consul.url}/v1/health/service/kilas-user`, {
      headers: { 'x-consul-token': token },
    });
    return (await response.json()) as unknown[];
  };
  const known = { 'x-consul-token': token };
  expect((await register({})).status).toBe(403);
  expect((await register({ 'x-consul-token': 'a token of that run' })).status).toBe(403);
  expect((await register({}, `?token=${encodeURIComponent(token)}`)).status).toBe(403);
  expect((await register({ ...known, origin: 'http://localhost:3100' })).status).toBe(403);
  expect((await register({ ...known, origin: 'null' })).status).toBe(403);
  expect((await register({ ...known, 'sec-fetch-site': 'same-origin' })).status).toBe(403);
  expect(await registered()).toEqual([]);
  for (const host of foreign) {
    expect((await ask(`${consul.url}/v1/status/leader`, { host })).status).toBe(403);
    expect((await ask(`${consul.url}/v1/health/service/kilas-user`, { host, ...known })).status).toBe(403);
  }
  expect((await register(known)).status).toBe(200);
  await waitFor(async () => (await registered()).length === 1, { what: 'the registration that has the token' });
});

test('the S3 of the cluster answers no foreign name, and a browser with a signed link alone', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-listeners-'));
  const s3 = await startS3({ folder, accessKeyId: 'kilas', secretAccessKey: 'not a secret' });
  onTestFinished(async () => {
    await s3.stop();
    await rm(folder, { recursive: true });
  });
  const page = { origin: 'http://localhost:3100' };
  const said = async (where: string, headers: Record<string, string>, method?: string) =>
    (await ask(`${s3.url}${where}`, headers, method)).body;
  const foreigner = 'this server answers';
  for (const host of foreign) expect(await said('/kilas-previews/a', { host })).toContain(foreigner);
  for (const host of foreign) expect(await said('/kilas-previews/a?X-Amz-Signature=0', { host })).toContain(foreigner);
  expect(await said('/kilas-previews/a', page)).toContain(foreigner);
  expect(await said('/kilas-previews/a?X-Amz-Signature=0', page, 'PUT')).toContain(foreigner);
  // It is judged by its signature then.
  expect(await said('/kilas-previews/a?X-Amz-Signature=0', page)).not.toContain(foreigner);
});

test('the nightly backup tells its age under its own name and by address alone', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-listeners-'));
  const port = await findFreePort();
  const stop = await serveBackupMetrics(folder, port);
  onTestFinished(async () => {
    await stop();
    await rm(folder, { recursive: true });
  });
  const url = `http://127.0.0.1:${port}`;
  await expectGuarded(url, ['/metrics', '/healthz', '/']);
  const { status, body } = await ask(`${url}/metrics`, { host: 'backup:8080' });
  expect(status).toBe(200);
  expect(body).toContain('kilas_backup_last_success_timestamp_seconds{service="backup"} 0');
});

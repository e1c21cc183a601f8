import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { aiEnv, readConfig as readAi } from '@kilas/ai/config.ts';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { builtInPacks } from '@kilas/face-engine/packs/built-in-packs.ts';
import { newSecrets } from '@kilas/installation/new-secrets.ts';
import { type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';
import { urlMap } from '@kilas/installation/url-map.ts';
import { photoEnv, readConfig as readPhoto } from '@kilas/photo/config.ts';
import { proxyTags } from '@kilas/platform/discovery/proxy-tags.ts';
import { s3JournalEnv } from '@kilas/platform/journal/journal-config.ts';
import { objectsShape } from '@kilas/platform/objects/objects-config.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { readConfig as readTransaction, transactionEnv } from '@kilas/transaction/config.ts';
import { readConfig as readUpload, uploadEnv } from '@kilas/upload/config.ts';
import { readConfig as readUser, userEnv } from '@kilas/user/config.ts';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectShape } from './containers/compose-rules.ts';
import { fillText } from './containers/render-compose.ts';

const root = path.join(import.meta.dirname, '..');
const storageKeys = z.object({ identities: z.array(z.object({ name: z.string(), actions: z.array(z.string()) })) });
const proxyRoutes = z.object({
  http: z.object({
    routers: z.record(z.string(), z.looseObject({ rule: z.string(), middlewares: z.array(z.string()).default([]) })),
    middlewares: z
      .record(z.string(), z.looseObject({ headers: z.record(z.string(), z.unknown()).optional() }))
      .default({}),
  }),
});

const text = await readFile(path.join(root, 'deploy/compose.yaml'), 'utf8');
const dockerfile = await readFile(path.join(root, 'deploy/Dockerfile'), 'utf8');
/** As it is written, with its variables. */
const { services } = projectShape.parse(parse(text, { merge: true }));
const routes = proxyRoutes.parse(parse(await readFile(path.join(root, 'deploy/proxies/traefik/routes.yaml'), 'utf8')));
const secrets = parseEnv(newSecrets('https://photos.example'));
const schemas = {
  user: userEnv.extend(s3JournalEnv.shape),
  photo: photoEnv.extend(objectsShape),
  transaction: transactionEnv,
  ai: aiEnv.extend(objectsShape),
  upload: uploadEnv.extend(objectsShape),
};
const readers: Record<ServiceName, (env: Env) => object> = {
  user: readUser,
  photo: readPhoto,
  transaction: readTransaction,
  ai: readAi,
  upload: readUpload,
};

/** Variables that an installation on containers has no use for, with the reason. */
const leftOut: Readonly<Record<string, string>> = {
  PEERS: 'found by Consul',
  DATABASE_DIRECT_URL: 'no pooler stands before the database',
  ADVERTISE_HOST: "a container's own address",
  REPLICA_ID: 'a new one with each container',
  OBJECTS_FOLDER: 'objects are on S3',
  OBJECTS_SIGNING_KEY: 'links are presigned by S3',
  OBJECTS_SIGNING_KEY_PREVIOUS: 'links are presigned by S3',
  S3_CA_FILE: 'the storage is reached on an inner network, without TLS',
};

test.each(serviceNames)('the variables that compose sets for %s are those that it reads', (name) => {
  const read = Object.keys(schemas[name].shape);
  const set = Object.keys(environmentOf(name));
  expect(set.filter((variable) => !read.includes(variable))).toEqual([]);
  expect(read.filter((variable) => !set.includes(variable) && !(variable in leftOut))).toEqual([]);
});

test.each(serviceNames)('with the secrets that are made for it, %s starts with what compose sets', (name) => {
  // For a public address, where play money has to be wanted.
  const wanted = name === 'transaction' ? { SANDBOX_ALLOWED: 'true' } : {};
  expect(() => readers[name]({ ...environmentOf(name), ...wanted })).not.toThrow();
});

test('an installation for the public that names no payment company is refused until play money is wanted', () => {
  expect(() => readTransaction(environmentOf('transaction'))).toThrow('SANDBOX_ALLOWED=true');
});

test('every secret is made, used, and stands nowhere in the file', () => {
  const used = [...text.matchAll(/\$\{(\w+):\?/g)].map(([, name = '']) => name);
  expect(new Set(used)).toEqual(new Set(Object.keys(secrets)));
  const literal = Object.values(services).flatMap(({ environment }) =>
    Object.entries(environment).filter(
      ([name, value]) => /PASSWORD|SECRET|PRIVATE|SIGNING|WEBHOOK_KEY|TOKEN/.test(name) && !value.startsWith('${'),
    ),
  );
  expect(literal).toEqual([]);
});

test('images are pinned, to a version or to a digest', () => {
  const foreign = Object.values(services).filter(({ build }) => build === undefined);
  for (const { image } of foreign) expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+(\.\d+)?[\w.-]*(@sha256:[0-9a-f]{64})?$/);
  expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:24\.21\.0-bookworm-slim@sha256:[0-9a-f]{64}$/m);
});

test('a part of ours runs as nobody in particular, without capabilities, on a file system that it cannot write', () => {
  expect(dockerfile).toMatch(/^USER 10001:10001$/m);
  const ours = Object.values(services).filter(({ build }) => build !== undefined);
  expect(ours).toHaveLength(serviceNames.length + 4);
  for (const each of ours) expect(each).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
});

test('ports agree: what services listen on, what the image and its health check say, and where the proxy sends', () => {
  expect(dockerfile).toMatch(/^EXPOSE 8080 9090$/m);
  for (const name of serviceNames) {
    const environment = environmentOf(name);
    expect(environment).toMatchObject({ HOST: '0.0.0.0', HTTP_PORT: '8080', RPC_PORT: '9090' });
  }
  const open = Object.entries(services).flatMap(([name, { ports }]) => ports.map((port) => `${name} ${port}`));
  const toEverybody = open.filter((port) => !port.includes(' 127.0.0.1:'));
  expect(toEverybody).toEqual(['proxy $' + '{PUBLIC_PORT:-8080}:8080']);
});

test('what stands before the proxy is trusted by the proxy and by the services alike, to say where a request comes from', () => {
  const balancers = `$${'{BALANCERS:-127.0.0.1/32}'}`;
  expect(services.proxy?.environment.TRAEFIK_ENTRYPOINTS_WEB_FORWARDEDHEADERS_TRUSTEDIPS).toBe(balancers);
  for (const name of serviceNames) {
    expect(services[name]?.environment.TRUSTED_PROXIES).toBe(`172.31.240.0/24,${balancers}`);
  }
});

test('the proxy looks in Consul for the tags that services register with', () => {
  const [enable] = proxyTags({ service: 'photo', httpPort: 8080, prefixes: ['/v1/photos'] });
  expect(enable).toBe('kilas.enable=true');
  expect(services.proxy?.environment.TRAEFIK_PROVIDERS_CONSULCATALOG_PREFIX).toBe('kilas');
});

test('an address of ours keeps its route while a part is away, and while no replica is there', async () => {
  expect(services.proxy?.environment).toMatchObject({
    TRAEFIK_PROVIDERS_CONSULCATALOG_STRICTCHECKS: 'passing,warning',
    TRAEFIK_ENTRYPOINTS_WEB_HTTP_MIDDLEWARES: 'away@file',
  });
  const { routers, middlewares } = routes.http;
  // Before the page of the web app, which stands at every other address.
  expect(routers.away).toMatchObject({ priority: 2, service: 'away' });
  expect(routers.web).toMatchObject({ priority: 1, service: 'web' });
  expect(middlewares.away).toMatchObject({
    errors: { status: ['502', '504'], statusRewrites: { 502: 503, 504: 503 }, service: 'away' },
  });
  const [, rule = ''] = /^PathRegexp\(`([^`]+)`\)$/.exec(routers.away?.rule ?? '') ?? [];
  const isKept = (address: string) => new RegExp(rule).test(address);
  for (const { prefix } of urlMap) expect([isKept(prefix), isKept(`${prefix}/x`)], prefix).toEqual([true, true]);
  for (const other of ['/', '/v1/nothing', '/metrics', '/kilas-originals/a', '/v1/eventsx']) {
    expect(isKept(other), other).toBe(false);
  }
});

test('what answers for a service of which nobody is there says 503, why in the language of who asks, and when to come again', async () => {
  expect(services.away?.entrypoint).toEqual(['node', 'deploy/away.mjs']);
  const port = await findFreePort();
  const env = { PATH: process.env.PATH, HTTP_PORT: String(port) };
  const child = spawn(process.execPath, [path.join(root, 'deploy/away.mjs')], { env, stdio: 'inherit' });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  const answers = async () => (await fetch(`${url}/healthz`).catch(() => undefined))?.ok;
  await waitFor(answers, { what: 'it to answer' });
  const response = await fetch(`${url}/v1/orders`, {
    method: 'POST',
    body: '{}',
    headers: { 'accept-language': 'id' },
  });
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await response.json()).toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    detail: expect.stringMatching(/layanan/),
  });
});

test('a key of the storage is good for named buckets, and the journal of erasures is written by user alone', () => {
  const { identities } = storageKeys.parse(JSON.parse(services.objects?.environment.S3_IDENTITIES ?? ''));
  expect(identities.map(({ name }) => name).sort()).toEqual(['ai', 'backup', 'photo', 'upload', 'user']);
  const all = identities.flatMap(({ name, actions }) => actions.map((action) => ({ name, action })));
  expect(all.filter(({ action }) => !action.includes(':kilas-'))).toEqual([]);
  const writers = all.filter(({ action }) => /^(Admin|Write):kilas-erasures$/.test(action));
  expect(writers.map(({ name }) => name)).toEqual(['user']);
  const ofBackup = all.filter(({ name }) => name === 'backup').map(({ action }) => action.replace(/:.*/, ''));
  expect(new Set(ofBackup)).toEqual(new Set(['Read', 'List']));
});

test('pictures that the proxy passes on are run by no browser, and nothing else of the storage is passed on', () => {
  const { routers, middlewares } = routes.http;
  expect(routers.objects).toMatchObject({ middlewares: ['inert'] });
  expect(middlewares.inert?.headers).toEqual({
    contentTypeNosniff: true,
    contentSecurityPolicy: "default-src 'none'; sandbox",
  });
  const [paths] =
    /PathRegexp\(`([^`]+)`\) && \(Method\(`GET`\) \|\| Method\(`HEAD`\)\)$/
      .exec(routers.objects?.rule ?? '')
      ?.slice(1) ?? [];
  const isPassed = (address: string) => new RegExp(paths ?? '^$').test(address);
  expect(['/kilas-originals/a', '/kilas-previews/a', '/kilas-selfies/a'].map(isPassed)).toEqual([true, true, true]);
  expect(['/kilas-erasures/a', '/', '/buckets/kilas-selfies/a'].map(isPassed)).toEqual([false, false, false]);
});

test('the program that an image of ours starts is asked whether it lives', () => {
  expect(dockerfile).toMatch(/^HEALTHCHECK .*healthcheck\.mjs/m);
});

test('the image of ai gets the graphs of every built-in pack from the program in the Dockerfile', async () => {
  const [, program = ''] = /--input-type=module -e "([^"]+)"/.exec(dockerfile.replaceAll('\\\n', '')) ?? [];
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-image-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await Promise.all([
    mkdir(path.join(folder, 'graphs')),
    symlink(path.join(root, 'packages'), path.join(folder, 'packages')),
  ]);
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: folder,
    stdio: 'inherit',
  });
  expect((await once(child, 'exit'))[0]).toBe(0);
  const written = (await readdir(path.join(folder, 'graphs'), { recursive: true })).join();
  for (const { manifest } of builtInPacks) expect(written).toContain(manifest.id);
});

test('the images that compose builds are parts that the Dockerfile can build', async () => {
  for (const { build } of Object.values(services)) {
    if (build?.args === undefined) continue;
    await expect(readFile(path.join(root, build.args.PART, 'src/main.ts'))).resolves.toBeDefined();
    expect(build.dockerfile).toBe('deploy/Dockerfile');
  }
});

function environmentOf(name: ServiceName): Record<string, string> {
  const environment = services[name]?.environment ?? {};
  return Object.fromEntries(
    Object.entries(environment).map(([variable, value]) => [variable, fillText(value, secrets)]),
  );
}

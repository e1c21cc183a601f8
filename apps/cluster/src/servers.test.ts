import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '@kilas/cli/user-error.ts';
import { startGuard } from '@kilas/fleet/guard.ts';
import { portSupply } from '@kilas/fleet/port-supply.ts';
import { startOwnPostgres } from '@kilas/testkit/own-postgres.ts';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { type ForeignServers, openConsul, startServers } from './servers.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-servers-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Nobody listens on the port for "tcpmux". */
const away = '127.0.0.1:1';

/** Something that takes connections. */
async function listen(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  return `redis://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

async function start(foreign: ForeignServers, env: Record<string, string> = {}) {
  const guard = startGuard();
  onTestFinished(guard.stop);
  const dataFolder = await mkdtemp(path.join(folder, 'data-'));
  const says = { onOutput: () => {}, onProgress: () => {} };
  const options = { dataFolder, foreign, mayNameForeign: true, guard, env, takePort: portSupply(), ...says };
  return { dataFolder, starting: startServers(options) };
}

test('nobody registers at the Consul of a run without its token, which is another one in each run', async () => {
  const open = async () => {
    const consul = await openConsul({ foreign: {}, env: {}, takePort: portSupply() });
    onTestFinished(consul.stop);
    return consul;
  };
  const [one, other] = [await open(), await open()];
  const register = async (headers: Record<string, string>) => {
    const body = JSON.stringify({ Name: 'kilas-user', Port: 6666, Meta: { http_port: '6666' } });
    return (await fetch(`${one.url}/v1/agent/service/register`, { method: 'PUT', body, headers })).status;
  };
  expect(await register({})).toBe(403);
  expect(await register({ 'x-consul-token': other.token ?? '' })).toBe(403);
  expect(await register({ 'x-consul-token': one.token ?? '' })).toBe(200);
});

test('without redis-server on the machine nothing is started, and a sentence says what to do', async () => {
  vi.stubEnv('PATH', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { dataFolder, starting } = await start({});
  const error = await starting.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(UserError);
  expect(String(error)).toContain('redis-server is not on this machine: install it');
  expect(await readdir(dataFolder)).toEqual([]);
});

test.each([
  [{ redis: `redis://:geheim@${away}` }, '--redis names cannot be reached (connection refused)'],
  [{ consul: `http://${away}` }, '--consul names cannot be reached (connection refused)'],
  [{ s3: `http://${away}` }, '--s3 names cannot be reached (connection refused)'],
  [{ postgres: `postgres://postgres:geheim@${away}` }, '--postgres names does not let us in'],
])(
  'a server that is not there is one sentence without its password, before anything is started: %j',
  async (foreign, sentence) => {
    const { dataFolder, starting } = await start({ redis: await listen(), ...foreign });
    const error = await starting.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toContain(sentence);
    expect(String(error)).not.toContain('geheim');
    expect(await readdir(dataFolder)).toEqual([]);
  },
);

test('an S3 server of others needs its keys', async () => {
  const { starting } = await start({ redis: await listen(), s3: (await listen()).replace('redis', 'http') });
  await expect(starting).rejects.toThrow('--s3 needs the keys of that server in S3_ACCESS_KEY_ID');
});

test('a PostgreSQL server of others needs pgvector', async () => {
  const server = await startOwnPostgres();
  onTestFinished(server.stop);
  const { dataFolder, starting } = await start({ redis: await listen(), postgres: server.adminUrl('postgres') });
  await expect(starting).rejects.toThrow('--postgres names has no pgvector: install it there');
  expect(await readdir(dataFolder)).toEqual([]);
});

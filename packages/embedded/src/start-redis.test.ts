import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { identify, waitForEnd } from './process-identity.ts';
import { redisVersion, startRedis } from './start-redis.ts';

const version = await redisVersion();
if (version === undefined) process.stdout.write('skipped: redis-server is not installed on this machine\n');

async function send(url: string, commands: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.end(`${commands}QUIT\r\n`);
  return text(socket);
}

test.skipIf(version === undefined)(
  'it serves on the loopback interface and keeps nothing through a restart',
  async () => {
    const server = await startRedis();
    onTestFinished(server.stop);
    expect(await send(server.url, 'SET photo 1\r\nGET photo\r\n')).toContain('$1\r\n1\r\n');
    const before = server.pid;
    await server.restart();
    expect(server.pid).not.toBe(before);
    expect(await send(server.url, 'GET photo\r\nCONFIG GET bind\r\n')).toMatch(/^\$-1\r\n[\s\S]*127\.0\.0\.1/);
  },
);

test.skipIf(version === undefined)('it ends at once, frozen or not, and starts again at the same address', async () => {
  const server = await startRedis();
  onTestFinished(server.stop);
  process.kill(server.pid, 'SIGSTOP');
  await server.stop();
  expect(identify(server.pid)).toBeUndefined();
  await server.restart();
  expect(await send(server.url, 'PING\r\n')).toContain('+PONG');
});

test.skipIf(version === undefined)('with a password it answers nobody who lacks it', async () => {
  const server = await startRedis({ password: 'a "quoted" secret' });
  onTestFinished(server.stop);
  expect(new URL(server.url).password).toBe(encodeURIComponent('a "quoted" secret'));
  expect(await send(server.url, 'PING\r\n')).toContain('-NOAUTH');
  expect(await send(server.url, `AUTH "a \\"quoted\\" secret"\r\nPING\r\n`)).toContain('+PONG');
});

test.skipIf(version === undefined)('it ends with the process that started it, also one that is killed', async () => {
  const program = `
    import { startRedis } from ${JSON.stringify(new URL('./start-redis.ts', import.meta.url).href)};
    console.log((await startRedis()).pid);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(owner.stdout, 'data');
  const server = identify(Number(line));
  if (server === undefined) throw new Error('no server');
  owner.kill('SIGKILL');
  expect(await waitForEnd(server, 20_000)).toBe(true);
});

test.skipIf(version === undefined)(
  'a port that is taken is an error that says so, and leaves nothing behind',
  async () => {
    const server = await startRedis({ password: 'first' });
    onTestFinished(server.stop);
    const port = Number(new URL(server.url).port);
    await expect(startRedis({ port })).rejects.toThrow(/did not start on port \d+:[\s\S]*in use/);
    expect(await send(server.url, 'PING\r\n')).toContain('-NOAUTH');
  },
);

test('where it is not installed, it says what to do', async () => {
  vi.stubEnv('PATH', '/nowhere');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await redisVersion()).toBeUndefined();
  await expect(startRedis()).rejects.toThrow('redis-server is not installed on this machine: install it');
});

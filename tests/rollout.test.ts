import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';

const script = path.join(import.meta.dirname, '../deploy/rollout.sh');
const containers = z.array(
  z.object({ id: z.string(), service: z.string(), image: z.string(), isHealthy: z.boolean() }),
);
const state = z.object({ containers, log: z.array(z.string()), fewest: z.record(z.string(), z.number()) });

/**
 * Docker as far as the script asks it. Its `up --no-recreate --scale` does what Compose does: containers that are there stay, and those
 * that are missing are made of the image of now.
 */
const docker = String.raw`
const { readFileSync, writeFileSync } = require('node:fs');
const file = process.env.FAKE_STATE;
const state = JSON.parse(readFileSync(file, 'utf8'));
const args = process.env.FAKE_ARGS.split('\n');
const service = args.at(-1);
const count = (name) => state.containers.filter((one) => one.service === name && one.isHealthy).length;
state.log.push(args.join(' '));
if (args[0] === 'compose') {
  if (args.includes('ps')) console.log(state.containers.filter((one) => one.service === service).map(({ id }) => id).join('\n'));
  if (args.includes('up')) {
    const [, wanted] = /--scale \w+=(\d+)/.exec(args.join(' '));
    const isHealthy = !process.env.FAKE_SICK?.split(',').includes(service);
    while (state.containers.filter((one) => one.service === service).length < Number(wanted)) {
      state.containers.push({ id: 'new' + state.log.length, service, image: 'new', isHealthy });
    }
    if (!isHealthy) process.exitCode = 1;
  }
} else if (args[0] === 'stop') {
  const stopped = state.containers.find(({ id }) => id === args[1]);
  stopped.isHealthy = false;
  state.fewest[stopped.service] = Math.min(state.fewest[stopped.service] ?? 99, count(stopped.service));
} else if (args[0] === 'rm') state.containers = state.containers.filter(({ id }) => id !== args.at(-1));
writeFileSync(file, JSON.stringify(state));
`;

async function rollout(args: readonly string[], sick = '') {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-rollout-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const program = path.join(folder, 'docker.cjs');
  await writeFile(program, docker);
  // Node.js would take --env-file for its own.
  const start = `#!/bin/sh\nFAKE_ARGS=$(printf '%s\\n' "$@") exec '${process.execPath}' '${program}'\n`;
  await writeFile(path.join(folder, 'docker'), start);
  await chmod(path.join(folder, 'docker'), 0o755);
  const file = path.join(folder, 'state.json');
  const old = (id: string, service: string) => ({ id, service, image: 'old', isHealthy: true });
  const running = [old('u1', 'user'), old('u2', 'user'), old('a1', 'ai'), old('p1', 'photo'), old('p2', 'photo')];
  await writeFile(file, JSON.stringify({ containers: running, log: [], fewest: {} }));
  const env = { PATH: `${folder}:${process.env.PATH}`, FAKE_STATE: file, FAKE_SICK: sick };
  const { status, stdout, stderr } = spawnSync('bash', [script, ...args], { env, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}`, ...state.parse(JSON.parse(await readFile(file, 'utf8'))) };
}

test('every replica is replaced, and at no time are there fewer than before', async () => {
  const { status, containers: now, fewest, log } = await rollout(['user', 'ai']);
  expect(status).toBe(0);
  expect(now.filter(({ service }) => service !== 'photo').map(({ service, image }) => `${service} ${image}`)).toEqual([
    'user new',
    'user new',
    'ai new',
  ]);
  expect(fewest).toEqual({ user: 2, ai: 1 });
  const base = 'compose -f deploy/compose.yaml --env-file deploy/.env';
  expect(log[0]).toBe(`${base} build provision user ai`);
  expect(log[1]).toBe(`${base} run --rm --no-deps provision`);
});

test('a version that does not become healthy is taken away, the old one serves on, and the services after it are left alone', async () => {
  const { status, containers: now, fewest, output } = await rollout(['user', 'photo'], 'user');
  expect(status).toBe(1);
  expect(output).toContain('A new replica of user did not become healthy');
  expect(now.map(({ id }) => id)).toEqual(['u1', 'u2', 'a1', 'p1', 'p2']);
  expect(fewest).toEqual({ user: 2 });
});

test('the files that an installation runs with are named, and images that are there are not built', async () => {
  const { log } = await rollout(['-f', 'deploy/compose.acme.yaml', '--no-build', 'photo']);
  expect(log.filter((line) => line.includes(' build '))).toEqual([]);
  const asked = log.filter((line) => line.startsWith('compose'));
  expect(asked.filter((line) => !line.includes('-f deploy/compose.yaml -f deploy/compose.acme.yaml'))).toEqual([]);
});

test('a service that does not run, and an option that is none, are refused', async () => {
  expect(await rollout(['upload'])).toMatchObject({
    status: 1,
    output: expect.stringContaining('upload does not run'),
  });
  expect(await rollout(['--fast'])).toMatchObject({ status: 2, log: [] });
});

import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-secrets-'));
const main = fileURLToPath(new URL('../main.ts', import.meta.url));
afterAll(() => rm(folder, { recursive: true }));

function secrets(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'secrets', ...args], { encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}

test('what a new version wants is added to the file, and what stands in it stays', async () => {
  const file = path.join(folder, 'env');
  expect(secrets('--public-url', 'https://photos.example', '--to', file).status).toBe(0);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const whole = await readFile(file, 'utf8');
  expect(secrets('--add', '--to', file)).toEqual({ status: 0, output: 'Nothing is missing.\n' });
  const old = whole.replace(/^(BACKUP_S3_SECRET|MONITOR_DATABASE_PASSWORD)=.*\n/gm, '').trimEnd();
  await writeFile(file, old);
  expect(secrets('--add', '--to', file).output).toBe(
    `Added to ${file}: BACKUP_S3_SECRET, MONITOR_DATABASE_PASSWORD.\n`,
  );
  const now = await readFile(file, 'utf8');
  expect(now.startsWith(`${old}\n`)).toBe(true);
  expect(Object.keys(parseEnv(now)).sort()).toEqual(Object.keys(parseEnv(whole)).sort());
});

test.each(['USER_PRIVATE_KEY', 'FACES_SECRET'])(
  '%s is not made anew for an installation that lost it',
  async (name) => {
    const file = path.join(folder, name);
    secrets('--public-url', 'https://photos.example', '--to', file);
    const half = (await readFile(file, 'utf8')).replace(new RegExp(`^${name}=.*\n`, 'm'), '');
    await writeFile(file, half);
    const { status, output } = secrets('--add', '--to', file);
    expect({ status, output }).toEqual({ status: 1, output: `${file} has lost ${name}: take it from your copy.\n` });
    expect(await readFile(file, 'utf8')).toBe(half);
  },
);

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isListening } from './await-port.ts';
import { findFreePort } from './free-port.ts';

export type ProxyKind = 'nginx' | 'haproxy';

export interface RunningProxy {
  readonly url: string;
  stop(): Promise<void>;
}

const files: Readonly<Record<ProxyKind, string>> = { nginx: 'nginx.conf', haproxy: 'haproxy.cfg' };

/** Whether the machine has this program. */
export async function hasProxy(kind: ProxyKind): Promise<boolean> {
  return promisify(execFile)(kind, ['-v']).then(
    () => true,
    () => false,
  );
}

/**
 * Runs the machine's nginx or HAProxy with the configuration that deploy/proxies gives for it, in front of other ports than
 * stand there: `ports` maps each port of the file.
 */
export async function startProxy(kind: ProxyKind, ports: ReadonlyMap<number, number>): Promise<RunningProxy> {
  const template = await readFile(new URL(`../../../deploy/proxies/${files[kind]}`, import.meta.url), 'utf8');
  const port = await findFreePort();
  const folder = await mkdtemp(join(tmpdir(), `kilas-${kind}-`));
  const file = join(folder, files[kind]);
  const text = template.replace(/127\.0\.0\.1:(\d+)/g, (_, known: string) => {
    const real = ports.get(Number(known));
    if (real === undefined) throw new Error(`nothing stands for port ${known} of ${files[kind]}`);
    return `127.0.0.1:${real}`;
  });
  await writeFile(
    file,
    kind === 'nginx' ? inFolder(text, folder, port) : text.replace('bind :8080', `bind 127.0.0.1:${port}`),
  );
  const args = kind === 'nginx' ? ['-c', file, '-p', folder, '-g', 'daemon off;'] : ['-db', '-f', file];
  const child = spawn(kind, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said = (said + data.toString()).slice(-4_000);
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  if (await isListening(child, port)) return { url: `http://127.0.0.1:${port}`, stop };
  await stop();
  throw new Error(`${kind} does not start: ${said}`);
}

/** Whatever nginx writes goes there, and nobody but this machine reaches it. */
function inFolder(text: string, folder: string, port: number): string {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const temporary = kinds.map((kind) => `  ${kind}_temp_path ${folder}/${kind};`).join('\n');
  return `pid ${folder}/pid;\nerror_log ${folder}/error.log;\n${text}`
    .replace('worker_processes auto;', 'worker_processes 1;')
    .replace('http {', `http {\n  access_log off;\n${temporary}`)
    .replace('listen 8080;', `listen 127.0.0.1:${port};`);
}

import { setTimeout as delay } from 'node:timers/promises';
import { hasProxy, startProxy } from '@kilas/embedded/start-proxy.ts';
import type { ServiceName } from '@kilas/installation/service-names.ts';
import { queueServices } from '../databases.ts';
import type { Fault } from './fault.ts';

/** After a database answers again, pools open their connections anew; in milliseconds. */
const graceMs = 3_000;
const askEveryMs = 100;
const wellMaxMs = 30_000;

/** One address of each service that stands on PostgreSQL, and the last digit of its ports in deploy/proxies/nginx.conf. */
const asked: readonly { service: ServiceName; digit: number; path: string; method: string }[] = [
  { service: 'user', digit: 1, path: '/v1/auth/refresh', method: 'POST' },
  { service: 'photo', digit: 2, path: '/v1/events', method: 'GET' },
  { service: 'transaction', digit: 3, path: '/v1/orders', method: 'GET' },
  { service: 'upload', digit: 5, path: '/v1/facecams', method: 'GET' },
];

/** PostgreSQL is away for some seconds while people come through an nginx: they hear 503 and when to come again, nothing else. */
export const databaseAwayBehindProxy: Fault = async ({ cluster, databases, plan, away, progress }) => {
  if (!(await hasProxy('nginx'))) {
    progress('skipped: database-away-behind-proxy, for want of nginx');
    return;
  }
  const ports = new Map<number, number>();
  for (const { service, digit } of asked) {
    cluster.replicas(service).forEach(({ httpUrl }, place) => {
      ports.set(5100 + 10 * place + digit, Number(new URL(httpUrl).port));
    });
  }
  const proxy = await startProxy('nginx', ports);
  try {
    const back = away('postgres', graceMs);
    const counts = new Map<string, number>();
    await cluster.postgres.restart(async () => {
      const end = performance.now() + plan.s3DownSeconds * 1000;
      while (performance.now() < end) {
        for (const { path, method } of asked) note(counts, path, await ask(proxy.url, path, method));
        await delay(askEveryMs);
      }
    });
    while (!(await Promise.all(queueServices.map((service) => databases.isThere(service)))).every(Boolean)) {
      await delay(askEveryMs);
    }
    back();
    const heard = [...counts].map(([what, count]) => `${count} × ${what}`).join(', ');
    progress(`PostgreSQL was away for ${plan.s3DownSeconds} s; through nginx: ${heard}`);
    const wrong = [...counts.keys()].filter((what) => !/ (503 retry|40[013])$/.test(what));
    if (wrong.length > 0) throw new Error(`while the database was away nginx passed on ${wrong.join(', ')}`);
    if (![...counts.keys()].some((what) => what.startsWith('/v1/events 503'))) throw new Error('nobody heard 503');
    const deadline = performance.now() + wellMaxMs;
    while ((await ask(proxy.url, '/v1/events', 'GET')).trim() !== '200') {
      if (performance.now() > deadline) throw new Error('nginx does not find the services well again');
      await delay(askEveryMs);
    }
  } finally {
    await proxy.stop();
  }
};

/** `503 retry` where it says when to come again. */
async function ask(url: string, path: string, method: string): Promise<string> {
  const response = await fetch(`${url}${path}`, { method, signal: AbortSignal.timeout(20_000) });
  await response.arrayBuffer();
  return `${response.status} ${response.headers.has('retry-after') ? 'retry' : ''}`;
}

function note(counts: Map<string, number>, path: string, answer: string): void {
  const what = `${path} ${answer}`.trim();
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Cluster, startCluster } from '@kilas/cluster/cluster.ts';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { redisVersion } from '@kilas/embedded/start-redis.ts';
import { serviceNames } from '@kilas/installation/service-names.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';

const deploy = path.join(import.meta.dirname, '../deploy/observability');
const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0;
const hasRedis = (await redisVersion()) !== undefined;
const missing = [...(hasPrometheus ? [] : ['prometheus']), ...(hasRedis ? [] : ['redis-server'])];
if (missing.length > 0)
  print(`skipped, since ${missing.join(' and ')} is not on this machine: alerts of an idle cluster`);

const idleMinutes = 5;
const minuteMs = 60_000;

const answer = z.object({ status: z.literal('success'), data: z.object({ result: z.array(z.unknown()) }) });
const series = z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) });
const rules = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(z.object({ name: z.string(), health: z.string(), lastError: z.string().optional() })),
      }),
    ),
  }),
});
const configuration = z.looseObject({ scrape_configs: z.array(z.looseObject({ job_name: z.string() })) });

describe.skipIf(missing.length > 0)('two processes of every service that nobody asks anything', () => {
  let folder = '';
  let cluster: Cluster;
  let prometheus: Prometheus;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-idle-'));
    // Other tests run beside: what lets them go first would wait for their end.
    cluster = await startCluster({ dataFolder: folder, env: () => ({ CPU_PRIORITY: 'normal' }) });
    prometheus = await startPrometheus(folder, cluster);
  }, 300_000);

  afterAll(async () => {
    await prometheus?.stop();
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
  }, 120_000);

  test(
    'no alert is pending or firing',
    async () => {
      const replicas = serviceNames.flatMap((service) => cluster.replicas(service)).length;
      expect(replicas).toBe(2 * serviceNames.length);
      // Rules that are evaluated before the first scrape see nothing, and say so.
      const isSettled = async () =>
        (await prometheus.query('up{job="kilas"} == 1')).length === replicas &&
        (await prometheus.query('ALERTS')).length === 0;
      await waitFor(isSettled, {
        what: 'every process to be scraped, and no alert to wait from before',
        timeoutMs: 3 * minuteMs,
        everyMs: 1_000,
      });
      const since = Date.now();
      const window = () => `${Math.max(1, Math.ceil((Date.now() - since) / 1000))}s`;
      const scrapes = (idleMinutes * minuteMs) / prometheus.scrapeEveryMs;
      const isOver = async () =>
        (await prometheus.query(`count_over_time(up{job="kilas"}[${window()}]) >= ${scrapes}`)).length === replicas;
      await waitFor(isOver, {
        what: 'five minutes to be scraped',
        timeoutMs: 2 * idleMinutes * minuteMs,
        everyMs: 5_000,
      });
      const seen = (await prometheus.query(`count_over_time(ALERTS[${window()}])`)).map(({ metric }) => metric);
      expect(seen).toEqual([]);
      // Nor was the silence that of rules that were not evaluated, or of processes that were not there.
      expect(await prometheus.query(`min_over_time(up{job="kilas"}[${window()}]) == 1`)).toHaveLength(replicas);
      expect(await prometheus.unhealthyRules()).toEqual([]);
    },
    20 * minuteMs,
  );
});

interface Prometheus {
  readonly scrapeEveryMs: number;
  query(expression: string): Promise<z.output<typeof series>[]>;
  /** Rules that were not evaluated, or not without an error. */
  unhealthyRules(): Promise<string[]>;
  stop(): Promise<void>;
}

/**
 * With the configuration and the alerts of deploy/observability, but for where the processes are found: by address, since
 * Debian's Prometheus knows no Consul; and without exporters and Alertmanager, which a cluster does not have.
 */
async function startPrometheus(folder: string, cluster: Cluster): Promise<Prometheus> {
  const deployed = configuration.parse(parse(await readFile(path.join(deploy, 'prometheus.yaml'), 'utf8')));
  const static_configs = serviceNames.flatMap((service) =>
    cluster.replicas(service).map(({ id, httpUrl }) => ({
      targets: [new URL(httpUrl).host],
      labels: { service, instance: id },
    })),
  );
  const config = {
    ...deployed,
    alerting: undefined,
    rule_files: [path.join(deploy, 'alerts.yaml')],
    scrape_configs: [{ job_name: 'kilas', honor_labels: true, static_configs }],
  };
  const file = path.join(folder, 'prometheus.yaml');
  await writeFile(file, stringify(config));
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${path.join(folder, 'prometheus')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const ended = once(child, 'exit');
  const ask = async (address: string) => (await fetch(`${url}${address}`)).json();
  const isReady = async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok === true;
  await waitFor(isReady, { what: 'Prometheus to be ready', timeoutMs: minuteMs });
  return {
    scrapeEveryMs: 15_000,
    query: async (expression) => {
      const { data } = answer.parse(await ask(`/api/v1/query?query=${encodeURIComponent(expression)}`));
      return data.result.map((result) => series.parse(result));
    },
    unhealthyRules: async () => {
      const { groups } = rules.parse(await ask('/api/v1/rules')).data;
      const all = groups.flatMap((group) => group.rules);
      expect(all.length).toBeGreaterThan(20);
      return all.filter(({ health }) => health !== 'ok').map(({ name, lastError }) => `${name}: ${lastError}`);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

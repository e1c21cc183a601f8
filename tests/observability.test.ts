import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { problems } from '@kilas/messages/problems.ts';
import { createHttpApp } from '@kilas/platform/http/http-app.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { registry } from '@kilas/platform/telemetry/metrics.ts';
import { registerMetrics } from '@kilas/platform/telemetry/metrics-route.ts';
import { beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'deploy/observability');
const runbooks = join(root, 'docs/runbooks/alerts');
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

const alert = z.object({
  alert: z.string(),
  expr: z.string(),
  labels: z.object({ severity: z.enum(['critical', 'warning']) }),
  annotations: z.object({ summary: z.string().min(40), runbook: z.string() }),
});
const alerts = z
  .object({ groups: z.array(z.object({ rules: z.array(alert) })) })
  .parse(parse(read('alerts.yaml')))
  .groups.flatMap(({ rules }) => rules);

const dashboard = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).optional() })),
});
const panels = dashboard.parse(JSON.parse(read('grafana/dashboards/kilas.json'))).panels;
const panelQueries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** Every series that the code makes, with the names of its labels. */
const series = new Map<string, ReadonlySet<string>>();
/** What Prometheus itself adds. */
const targetLabels = ['job', 'instance', 'service'];
/** What others make, by the documents of the versions in compose.yaml. */
const foreign = {
  pg_up: [],
  pg_stat_activity_count: ['datname', 'state', 'usename', 'application_name', 'backend_type', 'wait_event_type'],
  pg_settings_max_connections: [],
  redis_up: [],
  redis_memory_used_bytes: [],
  redis_memory_max_bytes: [],
  node_filesystem_avail_bytes: ['device', 'fstype', 'mountpoint'],
  node_filesystem_size_bytes: ['device', 'fstype', 'mountpoint'],
  node_memory_MemAvailable_bytes: [],
  node_memory_MemTotal_bytes: [],
  node_vmstat_oom_kill: [],
  traefik_tls_certs_not_after: ['cn', 'serial', 'sans'],
  alertmanager_notifications_failed_total: ['integration', 'reason'],
};

beforeAll(async () => {
  for (const service of ['user', 'photo', 'transaction', 'upload', 'ai']) await import(`@kilas/${service}/service.ts`);
  await import('@kilas/operator/backup/backup-metrics.ts');
  const log = openLog('test', 'silent');
  const app = await createHttpApp({ title: 'test', log, problems, corsOrigins: [], trustedProxies: [] });
  registerMetrics(app, { isPublic: false, services: () => [] });
  const registered = z.object({ name: z.string(), type: z.string(), labelNames: z.array(z.string()) });
  for (const metric of registry.getMetricsAsArray()) {
    const { name, type, labelNames } = registered.parse(metric);
    const labels = new Set([...labelNames, ...targetLabels]);
    if (type === 'histogram') {
      for (const part of ['count', 'sum']) series.set(`${name}_${part}`, labels);
      series.set(`${name}_bucket`, new Set([...labels, 'le']));
    } else {
      series.set(name, labels);
    }
  }
  series.set('up', new Set(targetLabels));
  for (const [name, labels] of Object.entries(foreign)) series.set(name, new Set([...labels, ...targetLabels]));
  await app.close();
});

/** The words of PromQL that these files use; whatever else stands in an expression is taken for a series. */
const promQl = new Set(
  'sum min max avg count topk by on rate increase changes deriv absent and or label_replace histogram_quantile last_over_time min_over_time time'.split(
    ' ',
  ),
);

/** What an expression takes for series. */
function seriesOf(expr: string): string[] {
  const bare = expr
    .replace(/"[^"]*"/g, '""')
    .replace(/\{[^}]*\}/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/\b(by|on) *\([^)]*\)/g, ' ');
  return [...bare.matchAll(/[a-zA-Z_]\w*/g)].map(([name]) => name).filter((name) => !promQl.has(name));
}

/** What is wrong with an expression: series that nobody makes, labels that a series does not have. */
function faultsOf(expr: string): string[] {
  const faults: string[] = [];
  const unquoted = expr.replace(/"[^"]*"/g, '""');
  for (const name of seriesOf(expr)) {
    if (!series.has(name)) faults.push(`nobody makes ${name}`);
  }
  for (const [, name = '', matchers = ''] of unquoted.matchAll(/(\w+)\{([^}]*)\}/g)) {
    for (const [, label = ''] of matchers.matchAll(/(\w+) *[=!]/g)) {
      if (series.get(name)?.has(label) === false) faults.push(`${name} has no label ${label}`);
    }
  }
  return faults;
}

test('what is wrong with an expression is seen', () => {
  expect(faultsOf('sum by (kind) (rate(kilas_jbs[5m])) > 1')).toEqual(['nobody makes kilas_jbs']);
  expect(faultsOf('kilas_jobs{sate="waiting"}')).toEqual(['kilas_jobs has no label sate']);
  expect(faultsOf('kilas_job_duration_seconds')).toEqual(['nobody makes kilas_job_duration_seconds']);
});

test('every series in an alert or on the dashboard exists, with the labels that are asked for', () => {
  expect(alerts.length).toBeGreaterThan(15);
  expect(panelQueries.length).toBeGreaterThan(25);
  const expressions = [...alerts.map(({ expr }) => expr), ...panelQueries];
  expect(expressions.flatMap((expr) => faultsOf(expr).map((fault) => `${fault}: ${expr}`))).toEqual([]);
});

test('every series of ours that a runbook or the documentation names exists', () => {
  const texts = [join(root, 'docs/observability.md'), ...readdirSync(runbooks).map((name) => join(runbooks, name))];
  const faults = texts.flatMap((file) => {
    const named =
      readFileSync(file, 'utf8').match(/\bkilas_(?!user\b|photo\b|transaction\b|upload\b|ai\b|monitor\b)\w+/g) ?? [];
    const known = (name: string) => series.has(name) || series.has(`${name}_count`);
    return named.filter((name) => !known(name)).map((name) => `${basename(file)}: ${name}`);
  });
  expect(faults).toEqual([]);
});

test('every series of ours is described in the documentation', () => {
  const text = readFileSync(join(root, 'docs/observability.md'), 'utf8');
  const ours = [...series.keys()].filter((name) => name.startsWith('kilas_') && !/_(sum|bucket)$/.test(name));
  expect(ours.map((name) => name.replace(/_count$/, '')).filter((name) => !text.includes(name))).toEqual([]);
});

test('every alert has a runbook of its own, and every runbook an alert', () => {
  const wanted = alerts.map(({ annotations }) => annotations.runbook).sort();
  expect(new Set(alerts.map(({ alert: name }) => name)).size).toBe(alerts.length);
  expect(
    readdirSync(runbooks)
      .map((name) => `docs/runbooks/alerts/${name}`)
      .sort(),
  ).toEqual(wanted);
  for (const { alert: name, annotations } of alerts) {
    const text = readFileSync(join(root, annotations.runbook), 'utf8');
    const headings = text.split('\n').filter((line) => line.startsWith('#'));
    expect(headings).toEqual([
      `# ${name}`,
      '## What it means',
      '## How to look',
      '## What to do',
      '## When it is over',
    ]);
    for (const [, link = ''] of text.matchAll(/\]\(([\w-]+\.md)\)/g)) expect(readdirSync(runbooks)).toContain(link);
  }
});

const alertTests = z.object({
  tests: z.array(
    z.object({
      name: z.string(),
      input_series: z.array(z.object({ series: z.string() })),
      alert_rule_test: z.array(z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()).default([]) })),
    }),
  ),
});

/** Alerts that no test sees firing, and those that no test sees silent although all that they go by is there. */
function untestedOf(text: string): { firing: string[]; silent: string[] } {
  const { tests } = alertTests.parse(parse(text));
  const names = alerts.map(({ alert: name }) => name);
  const isFiring = (name: string) =>
    tests.some((each) => each.alert_rule_test.some((one) => one.alertname === name && one.exp_alerts.length > 0));
  const isSilent = (name: string) =>
    tests.some(({ input_series, alert_rule_test: checks }) => {
      const there = new Set(input_series.map((one) => one.series.replace(/\{.*/, '')));
      return (
        checks.some((one) => one.alertname === name && one.exp_alerts.length === 0) &&
        seriesOf(alerts.find((each) => each.alert === name)?.expr ?? '').every((one) => there.has(one))
      );
    });
  return {
    firing: names.filter((name) => !isFiring(name)),
    silent: names.filter((name) => !isSilent(name)),
  };
}

test('every alert has a test of when it fires, and of when it is silent though all that it goes by is there', () => {
  const text = read('alerts.test.yaml');
  expect(untestedOf(text)).toEqual({ firing: [], silent: [] });
  const [first = ''] = text.split('  - name: requests that wait for a connection');
  expect(untestedOf(first).firing).toContain('DatabasePoolExhausted');
  expect(untestedOf(text.replaceAll('redis_memory_max_bytes', 'redis_memory_other')).silent).toEqual([
    'RedisNearlyFull',
  ]);
});

test('what is scraped beside the services is there, and so is who tells people', () => {
  const targets = z.object({ static_configs: z.array(z.object({ targets: z.array(z.string()) })).default([]) });
  const config = z
    .looseObject({
      scrape_configs: z.array(targets),
      alerting: z.looseObject({ alertmanagers: z.array(targets) }),
    })
    .parse(parse(read('prometheus.yaml')));
  const named = [...config.scrape_configs, ...config.alerting.alertmanagers].flatMap((one) =>
    one.static_configs.flatMap((each) => each.targets),
  );
  const { services } = z
    .looseObject({ services: z.record(z.string(), z.unknown()) })
    .parse(parse(readFileSync(join(root, 'deploy/compose.yaml'), 'utf8'), { merge: true }));
  expect(named.length).toBeGreaterThan(5);
  expect(named.map((target) => target.split(':')[0] ?? '').filter((name) => !(name in services))).toEqual([]);
});

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
if (!hasPromtool) process.stdout.write('promtool is not on this machine: rules and configuration are not checked\n');

function promtool(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' });
  return status === 0 ? 'SUCCESS' : `${stdout}${stderr}`;
}

test.skipIf(!hasPromtool)(
  'Prometheus takes the rules, and they do what their tests say',
  () => {
    expect(promtool('check', 'rules', 'alerts.yaml')).toBe('SUCCESS');
    expect(promtool('test', 'rules', 'alerts.test.yaml')).toBe('SUCCESS');
  },
  300_000,
);

const hasAmtool = spawnSync('amtool', ['--version']).status === 0;
if (!hasAmtool)
  process.stdout.write('amtool is not on this machine: the configuration of Alertmanager is not checked\n');

test.skipIf(!hasAmtool)('Alertmanager takes its configuration', () => {
  const { status, stdout, stderr } = spawnSync('amtool', ['check-config', join(folder, 'alertmanager.yaml')], {
    encoding: 'utf8',
  });
  expect(status, `${stdout}${stderr}`).toBe(0);
});

test.skipIf(!hasPromtool)('Prometheus understands what the dashboard asks', () => {
  const exprs = panelQueries.map((expr) => expr.replaceAll('$__rate_interval', '5m').replaceAll('$service', '.*'));
  const rules = exprs.map((expr, index) => ({ record: `panel:${index}`, expr }));
  withScratch((scratch) => {
    const file = join(scratch, 'panels.yaml');
    writeFileSync(file, stringify({ groups: [{ name: 'panels', rules }] }));
    expect(promtool('check', 'rules', file)).toBe('SUCCESS');
  });
});

test.skipIf(!hasPromtool)('Prometheus takes the configuration, and the one without Consul that stands in it', () => {
  const answer = promtool('check', 'config', 'prometheus.yaml');
  // Some distributions build Prometheus without the ways to find targets.
  if (answer.includes('field consul_sd_configs not found')) process.stdout.write('promtool here knows no Consul\n');
  else expect(answer).toBe('SUCCESS');
  const config = z.looseObject({ scrape_configs: z.array(z.unknown()) }).parse(parse(read('prometheus.yaml')));
  const commented = read('prometheus.yaml').match(/^ {2}# .*$/gm) ?? [];
  const example = commented.map((line) => line.slice(4)).join('\n');
  const job: unknown = parse(example.slice(example.indexOf('- job_name')));
  withScratch((scratch) => {
    const text = stringify({ ...config, rule_files: [join(folder, 'alerts.yaml')], scrape_configs: job });
    writeFileSync(join(scratch, 'prometheus.yaml'), text);
    expect(text).toContain('10.0.0.2:8080');
    expect(promtool('check', 'config', join(scratch, 'prometheus.yaml'))).toBe('SUCCESS');
  });
});

function withScratch(run: (folder: string) => void): void {
  const scratch = mkdtempSync(join(tmpdir(), 'kilas-prometheus-'));
  try {
    run(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

// Writes deploy/observability/grafana/dashboards/kilas.json. `node scripts/make-dashboard.ts && npm run format`
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const columns = 24;
const panelHeight = 8;
const source = { type: 'prometheus', uid: 'prometheus' };

type Query = readonly [expr: string, legend: string];

interface Graph {
  readonly title: string;
  /** One line below the title: what to read from it. */
  readonly about: string;
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Panels in a row, 2 by default. */
  readonly perRow?: number;
  readonly isStacked?: boolean;
  readonly max?: number;
}

const of = 'service=~"$service"';
const rate = (metric: string, by: string, more = '') =>
  `sum by (${by}) (rate(${metric}{${[of, more].filter((part) => part !== '').join(', ')}}[$__rate_interval]))`;
const quantile = (q: number, metric: string, by: string) =>
  `histogram_quantile(${q}, ${rate(`${metric}_bucket`, `${by}, le`)})`;

const http = 'kilas_http_request_duration_seconds';
const asked = 'kilas_rpc_client_duration_seconds';
const jobs = 'kilas_job_duration_seconds';

const rows: readonly (readonly [title: string, graphs: readonly Graph[]])[] = [
  [
    'At a glance',
    [
      {
        title: 'Replicas',
        about: 'How many of each service answer. A service without one is an outage.',
        unit: 'short',
        queries: [[`sum by (service) (up{job="kilas", ${of}})`, '{{service}}']],
        perRow: 4,
      },
      {
        title: 'Requests',
        about: 'A second, by service.',
        unit: 'reqps',
        queries: [[rate(`${http}_count`, 'service'), '{{service}}']],
        perRow: 4,
      },
      {
        title: 'Errors of ours',
        about: 'Share of requests that end with a 5xx.',
        unit: 'percentunit',
        queries: [
          [`${rate(`${http}_count`, 'service', 'status="5xx"')} / ${rate(`${http}_count`, 'service')}`, '{{service}}'],
        ],
        perRow: 4,
      },
      {
        title: 'Slowest twentieth',
        about: 'p95 of requests, by service; uploads count with the time that receiving takes.',
        unit: 's',
        queries: [[quantile(0.95, http, 'service'), '{{service}}']],
        perRow: 4,
      },
    ],
  ],
  [
    'REST',
    [
      {
        title: 'Requests by route',
        about: 'The ten most asked.',
        unit: 'reqps',
        queries: [[`topk(10, ${rate(`${http}_count`, 'method, route')})`, '{{method}} {{route}}']],
      },
      {
        title: 'p95 by route',
        about: 'The ten slowest.',
        unit: 's',
        queries: [[`topk(10, ${quantile(0.95, http, 'method, route')})`, '{{method}} {{route}}']],
      },
      {
        title: 'Requests by status',
        about: '4xx: what people or their apps did wrong. 5xx: what we did.',
        unit: 'reqps',
        queries: [[rate(`${http}_count`, 'status'), '{{status}}']],
        isStacked: true,
      },
      {
        title: '5xx by route',
        about: 'Where errors of ours come from.',
        unit: 'reqps',
        queries: [[rate(`${http}_count`, 'method, route', 'status="5xx"'), '{{method}} {{route}}']],
      },
    ],
  ],
  [
    'Between the services',
    [
      {
        title: 'Calls',
        about: 'A second, by who asks and what.',
        unit: 'reqps',
        queries: [[`topk(10, ${rate(`${asked}_count`, 'service, rpc_method')})`, '{{service}} → {{rpc_method}}']],
      },
      {
        title: 'Calls that fail',
        about: 'By code; NOT_FOUND and the like are answers, not faults.',
        unit: 'reqps',
        queries: [
          [
            rate(`${asked}_count`, 'service, rpc_service, code', 'code!="OK"'),
            '{{service}} → {{rpc_service}} {{code}}',
          ],
        ],
      },
      {
        title: 'p95 of calls',
        about: 'As the caller sees it, the way there included.',
        unit: 's',
        queries: [[`topk(10, ${quantile(0.95, asked, 'rpc_method')})`, '{{rpc_method}}']],
      },
      {
        title: 'p95 of answers',
        about: 'As the answering service sees it.',
        unit: 's',
        queries: [
          [
            `topk(10, ${quantile(0.95, 'kilas_rpc_server_duration_seconds', 'service, rpc_method')})`,
            '{{service}} {{rpc_method}}',
          ],
        ],
      },
    ],
  ],
  [
    'Jobs and events',
    [
      {
        title: 'Waiting',
        about: 'Jobs that are due and not begun. Growing: less is done than comes in.',
        unit: 'short',
        queries: [[`max by (kind) (kilas_jobs{${of}, state="waiting", kind!~"events-to-.*"}) > 0`, '{{kind}}']],
      },
      {
        title: 'Oldest wait',
        about: 'How far behind each kind is.',
        unit: 's',
        queries: [[`max by (kind) (kilas_job_oldest_wait_seconds{${of}, kind!~"events-to-.*"})`, '{{kind}}']],
      },
      {
        title: 'Events on their way',
        about: 'How far behind each subscriber is; the erasure of faces is among them.',
        unit: 's',
        queries: [
          [
            `max by (service, kind) (kilas_job_oldest_wait_seconds{${of}, kind=~"events-to-.*"})`,
            '{{service}} {{kind}}',
          ],
        ],
      },
      {
        title: 'Done',
        about: 'Runs a second that ended well.',
        unit: 'ops',
        queries: [[rate(`${jobs}_count`, 'kind', 'outcome="done"'), '{{kind}}']],
      },
      {
        title: 'Tried again, failed for good',
        about: 'The first is normal while something is away. The second waits for somebody.',
        unit: 'ops',
        queries: [[rate(`${jobs}_count`, 'kind, outcome', 'outcome!="done"'), '{{kind}} {{outcome}}']],
      },
      {
        title: 'p95 of a run',
        about: 'By kind.',
        unit: 's',
        queries: [[quantile(0.95, jobs, 'kind'), '{{kind}}']],
      },
    ],
  ],
  [
    'Photos and faces',
    [
      {
        title: 'Files received',
        about: 'By what became of them.',
        unit: 'ops',
        queries: [[`sum by (outcome) (rate(kilas_photos_received_total[$__rate_interval])) > 0`, '{{outcome}}']],
        isStacked: true,
        perRow: 3,
      },
      {
        title: 'Bytes accepted',
        about: 'A second.',
        unit: 'Bps',
        queries: [['sum(rate(kilas_photo_bytes_accepted_total[$__rate_interval]))', 'accepted']],
        perRow: 3,
      },
      {
        title: 'Spool and disk',
        about: 'What is on its way, and what is free where it lies.',
        unit: 'bytes',
        queries: [
          ['sum by (instance) (kilas_spool_bytes)', 'spool {{instance}}'],
          ['min by (instance, folder) (kilas_disk_free_bytes)', 'free {{instance}} {{folder}}'],
          ['max by (instance, folder) (kilas_disk_free_min_bytes)', 'floor {{instance}} {{folder}}'],
        ],
        perRow: 3,
      },
      {
        title: 'Engines busy',
        about: 'Share of their time; 100 % and photos that wait: more replicas of ai.',
        unit: 'percentunit',
        queries: [['sum(rate(kilas_engine_busy_seconds_total[$__rate_interval])) / sum(kilas_engines)', 'busy']],
        max: 1,
        perRow: 3,
      },
      {
        title: 'Images analysed, faces and matches found',
        about: 'A second.',
        unit: 'ops',
        queries: [
          ['sum by (line, outcome) (rate(kilas_images_analysed_total[$__rate_interval]))', '{{line}} {{outcome}}'],
          ['sum(rate(kilas_faces_found_total[$__rate_interval]))', 'faces'],
          ['sum(rate(kilas_matches_recorded_total[$__rate_interval]))', 'matches'],
        ],
        perRow: 3,
      },
      {
        title: 'Waiting for an engine',
        about: 'Images at ai; a line that is full is refused and comes again.',
        unit: 'short',
        queries: [['sum by (line) (kilas_analyses_waiting)', '{{line}}']],
        perRow: 3,
      },
    ],
  ],
  [
    'People and money',
    [
      {
        title: 'Sign-ins',
        about: 'By outcome.',
        unit: 'ops',
        queries: [['sum by (outcome) (rate(kilas_sign_ins_total[$__rate_interval]))', '{{outcome}}']],
      },
      {
        title: 'Orders',
        about: 'In an hour, by the state that they came into; and those that wait for their payment.',
        unit: 'short',
        queries: [
          ['sum by (state) (increase(kilas_orders_total[1h]))', '{{state}}'],
          ['max(kilas_orders_open)', 'open now'],
        ],
      },
      {
        title: 'Payments',
        about: 'In an hour, by outcome. Mismatch and error are looked at by somebody.',
        unit: 'short',
        queries: [['sum by (outcome) (increase(kilas_payments_total[1h]))', '{{outcome}}']],
      },
      {
        title: 'Ledger',
        about: '1: whole when it was last verified.',
        unit: 'short',
        queries: [['min(last_over_time(kilas_ledger_intact[26h]))', 'whole']],
        max: 1,
      },
    ],
  ],
  [
    'Processes and what they stand on',
    [
      {
        title: 'Parts',
        about: '1: there, as /readyz names them.',
        unit: 'short',
        queries: [[`min by (service, part) (kilas_part_up{${of}})`, '{{service}} {{part}}']],
        max: 1,
        perRow: 3,
      },
      {
        title: 'Connections to the database',
        about: 'Open of those allowed; waiting above 0: requests stand in line.',
        unit: 'short',
        queries: [
          [`sum by (service, state) (kilas_database_pool_connections{${of}})`, '{{service}} {{state}}'],
          [`sum by (service) (kilas_database_pool_max{${of}})`, '{{service}} max'],
        ],
        perRow: 3,
      },
      {
        title: 'Memory',
        about: 'Resident, by process.',
        unit: 'bytes',
        queries: [[`process_resident_memory_bytes{job="kilas", ${of}}`, '{{instance}}']],
        perRow: 3,
      },
      {
        title: 'CPU',
        about: 'Cores in use, by process.',
        unit: 'short',
        queries: [[`rate(process_cpu_seconds_total{job="kilas", ${of}}[$__rate_interval])`, '{{instance}}']],
        perRow: 3,
      },
      {
        title: 'Event loop',
        about: 'p99 of its lag; everything that a process answers is late by that much.',
        unit: 's',
        queries: [[`nodejs_eventloop_lag_p99_seconds{job="kilas", ${of}}`, '{{instance}}']],
        perRow: 3,
      },
      {
        title: 'Versions',
        about: 'How many processes run which.',
        unit: 'short',
        queries: [['count by (version) (kilas_build_info)', '{{version}}']],
        perRow: 3,
      },
    ],
  ],
];

export function makeDashboard(): object {
  return {
    uid: 'kilas',
    title: 'Kilas',
    tags: ['kilas'],
    timezone: 'browser',
    editable: true,
    graphTooltip: 1,
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    annotations: {
      list: [
        {
          name: 'Alerts',
          datasource: source,
          enable: true,
          iconColor: 'red',
          expr: 'ALERTS{alertstate="firing"}',
          titleFormat: '{{alertname}}',
          textFormat: '{{service}} {{kind}}',
        },
      ],
    },
    templating: { list: [serviceVariable()] },
    panels: placePanels(),
  };
}

function serviceVariable(): object {
  const query = 'label_values(up{job="kilas"}, service)';
  return {
    name: 'service',
    label: 'Service',
    type: 'query',
    datasource: source,
    definition: query,
    query: { query, refId: 'service' },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: 'All', value: '$__all' },
  };
}

function placePanels(): object[] {
  const panels: object[] = [];
  let y = 0;
  for (const [title, graphs] of rows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: columns, h: 1 },
      panels: [],
    });
    y += 1;
    let x = 0;
    for (const graph of graphs) {
      const w = columns / (graph.perRow ?? 2);
      if (x + w > columns) {
        x = 0;
        y += panelHeight;
      }
      panels.push(makePanel(panels.length + 1, graph, { x, y, w, h: panelHeight }));
      x += w;
    }
    y += panelHeight;
  }
  return panels;
}

function makePanel(id: number, graph: Graph, gridPos: object): object {
  const stacking = { mode: graph.isStacked === true ? 'normal' : 'none' };
  const custom = {
    drawStyle: 'line',
    lineWidth: 1,
    fillOpacity: graph.isStacked === true ? 30 : 5,
    showPoints: 'never',
    stacking,
  };
  return {
    id,
    type: 'timeseries',
    title: graph.title,
    description: graph.about,
    datasource: source,
    gridPos,
    fieldConfig: {
      defaults: { unit: graph.unit, min: 0, ...(graph.max === undefined ? {} : { max: graph.max }), custom },
      overrides: [],
    },
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    targets: graph.queries.map(([expr, legendFormat], index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: source,
      expr,
      legendFormat,
    })),
  };
}

if (import.meta.main) {
  const file = join(resolve(import.meta.dirname, '..'), 'deploy/observability/grafana/dashboards/kilas.json');
  writeFileSync(file, `${JSON.stringify(makeDashboard(), null, 2)}\n`);
}

import type { FaultSummary, Recorder } from './record.ts';
import { routes } from './routes.ts';
import type { DrillResult } from './run-drill.ts';

/** The share of requests whose parts lived that must succeed at once. */
export const successRateMin = 0.99;
const listedMax = 1_000;

export interface Verdict {
  readonly faults: number;
  readonly accepted: number;
  readonly lost: number;
  readonly doubled: number;
  /** First tries of requests whose parts lived. */
  readonly successRate: number;
  readonly drained: boolean;
}

export function verdictOf({ record, accepted, findings, isDrained }: DrillResult, faults: number): Verdict {
  return {
    faults,
    accepted,
    lost: findings.filter(({ kind }) => kind === 'lost').length,
    doubled: findings.filter(({ kind }) => kind === 'doubled').length,
    // Rounded down: 0.99 is never made of less.
    successRate: Math.floor(record.successRates().first * 10_000) / 10_000,
    drained: isDrained,
  };
}

export function isGood({ lost, doubled, successRate, drained }: Verdict): boolean {
  return lost === 0 && doubled === 0 && successRate >= successRateMin && drained;
}

/** Everything for a person: what failed, what was found, a table by fault. */
export function renderReport(result: DrillResult): string {
  const { record, findings, surprises, uploads, orders, requestsPerSecond, heldUpMs } = result;
  const { requests, first, withRetry } = record.successRates();
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
  return [
    ...section('Failures, of first tries', listFailures(record)),
    ...section(
      'Lost and doubled',
      findings.map(({ kind, what }) => `${kind}: ${what}`),
    ),
    ...section('What the load did not understand', surprises),
    renderTable(record.summaries()),
    `${uploads} uploads and ${orders} orders accepted; ${requests} requests whose parts lived: ${percent(first)} succeeded at once, ${percent(withRetry)} with one retry`,
    `${requestsPerSecond.toFixed(1)} requests in a second; the load's own process was held up for ${heldUpMs} ms at most`,
    `half of all requests took ${record.latencyMs(0.5)} ms at most, 99 % ${record.latencyMs(0.99)} ms`,
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > listedMax ? [`  … and ${lines.length - listedMax} more`] : [];
  return [`${title}:`, ...lines.slice(0, listedMax).map((line) => `  ${line}`), ...more, ''];
}

function listFailures(record: Recorder): string[] {
  return record.failures().map(({ startedAt, endedAt, fault, route, failure, requestId, verdict, isMended }) => {
    const took = `${((endedAt - startedAt) / 1000).toFixed(1)} s`;
    const at = (startedAt / 1000).toFixed(1).padStart(7);
    const then = isMended === true ? 'mended by a retry' : 'not mended';
    const note = verdict === 'exempt' ? 'exempt' : then;
    const who = requestId === undefined ? '' : ` (${requestId})`;
    return `${at} s  ${fault}  ${routes[route].request}  ${failure}${who}  after ${took}  (${note})`;
  });
}

const columns: readonly { title: string; of: (summary: FaultSummary) => string }[] = [
  { title: 'fault', of: ({ fault }) => fault },
  { title: 'requests', of: ({ requests }) => String(requests) },
  { title: 'failed', of: ({ failed }) => String(failed) },
  { title: 'mended', of: ({ mended }) => String(mended) },
  { title: 'exempt', of: ({ exempt }) => String(exempt) },
  { title: 'slowest ms', of: ({ slowestMs }) => String(slowestMs) },
  { title: 'drained s', of: ({ drainSeconds, stuck }) => (stuck.length > 0 ? 'NO' : String(drainSeconds ?? '')) },
];

function renderTable(summaries: readonly FaultSummary[]): string {
  const rows = [columns.map(({ title }) => title), ...summaries.map((summary) => columns.map(({ of }) => of(summary)))];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return `${rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n')}\n`;
}

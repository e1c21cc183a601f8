import { type Part, type RouteName, routes } from './routes.ts';

/** The first try of a request, as the client saw it. Times are milliseconds since the drill began. */
export interface Try {
  readonly route: RouteName;
  readonly startedAt: number;
  readonly endedAt: number;
  /** What went wrong: a status and its code, or how the connection ended. */
  readonly failure?: string;
  /** By which the logs of the processes name the request; absent when there was no reply. */
  readonly requestId?: string;
  /** Whether the one retry succeeded. */
  isMended?: boolean;
}

interface Away {
  readonly part: Part;
  readonly from: number;
  /** With its time of grace. */
  to: number;
}

interface Window {
  readonly fault: string;
  readonly from: number;
  drainSeconds: number | undefined;
  stuck: readonly string[];
}

export type Verdict = 'ok' | 'failed' | 'exempt';

export interface Failure extends Try {
  readonly fault: string;
  readonly verdict: Verdict;
}

export interface FaultSummary {
  readonly fault: string;
  readonly requests: number;
  readonly failed: number;
  readonly exempt: number;
  /** Of those that failed, how many succeeded when they were tried once more. */
  readonly mended: number;
  readonly slowestMs: number;
  /** From the end of the fault until nothing was due in any queue; undefined when that took too long. */
  readonly drainSeconds: number | undefined;
  /** What the queues still held then. */
  readonly stuck: readonly string[];
}

/** Everything that the load met, and what was away meanwhile. */
export class Recorder {
  readonly now: () => number;
  readonly #tries: Try[] = [];
  readonly #away: Away[] = [];
  readonly #windows: Window[] = [];

  constructor(clock: () => number = startClock()) {
    this.now = clock;
  }

  add(entry: Try): void {
    this.#tries.push(entry);
  }

  /** Requests that begin from here on belong to this fault. */
  begin(fault: string): void {
    this.#windows.push({ fault, from: this.now(), drainSeconds: undefined, stuck: [] });
  }

  drained(drain: { seconds: number | undefined; stuck: readonly string[] }): void {
    const window = this.#windows.at(-1);
    if (window !== undefined) Object.assign(window, { drainSeconds: drain.seconds, stuck: drain.stuck });
  }

  /** A part is wholly away from now on; what is returned ends that, `graceMs` later. */
  away(part: Part, graceMs: number): () => void {
    const entry: Away = { part, from: this.now(), to: Number.POSITIVE_INFINITY };
    this.#away.push(entry);
    return () => {
      entry.to = this.now() + graceMs;
    };
  }

  /** Exempt is a failure while which, at any moment, a part was away that the route needs. */
  judge(entry: Try): Verdict {
    if (entry.failure === undefined) return 'ok';
    const needs: readonly Part[] = routes[entry.route].needs;
    const isExempt = this.#away.some(
      ({ part, from, to }) => needs.includes(part) && from <= entry.endedAt && to >= entry.startedAt,
    );
    return isExempt ? 'exempt' : 'failed';
  }

  /** In the order in which they began. */
  failures(): Failure[] {
    return this.#tries
      .filter(({ failure }) => failure !== undefined)
      .map((entry) => ({ ...entry, fault: this.#faultAt(entry.startedAt), verdict: this.judge(entry) }))
      .sort((a, b) => a.startedAt - b.startedAt);
  }

  summaries(): FaultSummary[] {
    return this.#windows.map(({ fault, from, drainSeconds, stuck }, index) => {
      const until = this.#windows[index + 1]?.from ?? Number.POSITIVE_INFINITY;
      const tries = this.#tries.filter(({ startedAt }) => startedAt >= from && startedAt < until);
      const failed = tries.filter((entry) => this.judge(entry) === 'failed');
      return {
        fault,
        requests: tries.length,
        failed: failed.length,
        exempt: tries.filter((entry) => this.judge(entry) === 'exempt').length,
        mended: failed.filter(({ isMended }) => isMended).length,
        slowestMs: Math.round(Math.max(0, ...tries.map(({ startedAt, endedAt }) => endedAt - startedAt))),
        drainSeconds,
        stuck,
      };
    });
  }

  /** Shares of the requests whose parts lived: those that succeeded at once, and those that did with one retry. */
  successRates(): { requests: number; first: number; withRetry: number } {
    const counted = this.#tries.filter((entry) => this.judge(entry) !== 'exempt');
    const failed = counted.filter(({ failure }) => failure !== undefined);
    const lasting = failed.filter(({ isMended }) => isMended !== true);
    const share = (lost: number) => (counted.length === 0 ? 1 : (counted.length - lost) / counted.length);
    return { requests: counted.length, first: share(failed.length), withRetry: share(lasting.length) };
  }

  /** Requests in a second from the beginning of this window until now. */
  rateSince(fault: string): number {
    const from = this.#windows.find((window) => window.fault === fault)?.from ?? 0;
    const count = this.#tries.filter(({ startedAt }) => startedAt >= from).length;
    return (count * 1000) / (this.now() - from);
  }

  /** What the given share of all requests took at most, in milliseconds. */
  latencyMs(share: number): number {
    const times = this.#tries.map(({ startedAt, endedAt }) => endedAt - startedAt).sort((a, b) => a - b);
    return Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
  }

  #faultAt(time: number): string {
    return this.#windows.findLast(({ from }) => from <= time)?.fault ?? 'before';
  }
}

function startClock(): () => number {
  const start = performance.now();
  return () => performance.now() - start;
}

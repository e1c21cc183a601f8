import { Code, ConnectError } from '@connectrpc/connect';
import { refusal } from '@kilas/messages/refuse.ts';

/** Selfies, for which a person waits, go before photos, and those before what is looked at once more. */
export const lines = ['selfies', 'photos', 'again'] as const;
export type Line = (typeof lines)[number];

const retryAfterMaxSeconds = 60;
const expectedMs = 500;

interface Waiting {
  readonly start: (slot: number) => void;
}

/** Runs so much work at once and lets a bounded number wait, each line with a bound of its own: photos crowd out no selfie. */
export class AnalysisQueue {
  readonly #concurrency: number;
  readonly #waitingMax: number;
  readonly #freeSlots: number[];
  readonly #lines: Readonly<Record<Line, Set<Waiting>>> = {
    selfies: new Set(),
    photos: new Set(),
    again: new Set(),
  };
  #meanMs = expectedMs;

  constructor(options: { concurrency: number; waitingMax: number }) {
    this.#concurrency = options.concurrency;
    this.#waitingMax = options.waitingMax;
    this.#freeSlots = Array.from({ length: options.concurrency }, (_, slot) => slot).reverse();
  }

  /**
   * Calls `work` with the number of its slot (0 to concurrency − 1) when its turn comes. Refuses with AI_BUSY when the line
   * is full; leaves the line, canceled, when the caller gives up before its turn.
   */
  async run<Result>(line: Line, signal: AbortSignal, work: (slot: number) => Promise<Result>): Promise<Result> {
    const slot = await this.#takeSlot(line, signal);
    const startedAt = performance.now();
    try {
      return await work(slot);
    } finally {
      this.#meanMs += (performance.now() - startedAt - this.#meanMs) / 8;
      this.#giveSlot(slot);
    }
  }

  countWaiting(line: Line): number {
    return this.#lines[line].size;
  }

  #takeSlot(line: Line, signal: AbortSignal): Promise<number> {
    if (signal.aborted) throw gaveUp();
    const free = this.#freeSlots.pop();
    if (free !== undefined) return Promise.resolve(free);
    const waiting = this.#lines[line];
    if (waiting.size >= this.#waitingMax) throw this.#busy(line);
    return new Promise((resolve, reject) => {
      const leave = () => {
        waiting.delete(entry);
        reject(gaveUp());
      };
      const start = (slot: number) => {
        signal.removeEventListener('abort', leave);
        resolve(slot);
      };
      const entry: Waiting = { start };
      signal.addEventListener('abort', leave, { once: true });
      waiting.add(entry);
    });
  }

  #giveSlot(slot: number): void {
    for (const line of lines) {
      const waiting = this.#lines[line];
      const [next] = waiting;
      if (next === undefined) continue;
      waiting.delete(next);
      next.start(slot);
      return;
    }
    this.#freeSlots.push(slot);
    // The lowest is taken next: higher ones share an engine with it.
    this.#freeSlots.sort((a, b) => b - a);
  }

  #busy(line: Line): Error {
    const ahead = lines.slice(0, lines.indexOf(line) + 1).reduce((sum, before) => sum + this.#lines[before].size, 0);
    const seconds = Math.ceil((ahead * this.#meanMs) / this.#concurrency / 1000);
    return refusal('AI_BUSY', { retryAfterSeconds: String(Math.min(Math.max(seconds, 1), retryAfterMaxSeconds)) });
  }
}

/** Not the signal's own reason: a connection that broke off would be reported as a failure of ours. */
export function gaveUp(): ConnectError {
  return new ConnectError('the caller gave up waiting', Code.Canceled);
}

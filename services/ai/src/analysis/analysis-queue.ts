import { Code, ConnectError } from '@connectrpc/connect';
import { refusal } from '@kilas/messages/refuse.ts';
import { FairLine } from '@kilas/platform/turns/fair-line.ts';

/** Selfies, for which a person waits, go before photos, and those before what is looked at once more. */
export const lines = ['selfies', 'photos', 'again'] as const;
export type Line = (typeof lines)[number];

const retryAfterMaxSeconds = 60;
const expectedMs = 500;

interface Waiting {
  /** Whose picture it is. */
  readonly keys: readonly [whose: string];
  readonly start: (slot: number) => void;
  readonly leave: (error: Error) => void;
}

/**
 * Runs a bounded amount of work at once and lets a bounded number wait. Each line has a bound of its own, so photos crowd out no selfie. In a line
 * people take turns, and in a full one a person with many pictures makes room for one with fewer.
 */
export class AnalysisQueue {
  readonly #concurrency: number;
  readonly #freeSlots: number[];
  readonly #lines: Readonly<Record<Line, FairLine<Waiting>>>;
  #meanMs = expectedMs;

  constructor(options: { concurrency: number; waitingMax: number }) {
    this.#concurrency = options.concurrency;
    const openLine = () => new FairLine<Waiting>(options.waitingMax);
    this.#lines = { selfies: openLine(), photos: openLine(), again: openLine() };
    this.#freeSlots = Array.from({ length: options.concurrency }, (_, slot) => slot).reverse();
  }

  /**
   * Calls `work` with the number of its slot (0 to concurrency − 1) when the turn of whose picture it is comes. Refuses with AI_BUSY when the line
   * is full; leaves the line, canceled, when the caller gives up before its turn.
   */
  async run<Result>(
    { line, whose }: { line: Line; whose: string },
    signal: AbortSignal,
    work: (slot: number) => Promise<Result>,
  ): Promise<Result> {
    const keys = [whose] as const;
    const slot = await this.#takeSlot(line, keys, signal);
    const startedAt = performance.now();
    try {
      return await work(slot);
    } finally {
      this.#meanMs += (performance.now() - startedAt - this.#meanMs) / 8;
      this.#lines[line].end(keys);
      this.#giveSlot(slot);
    }
  }

  countWaiting(line: Line): number {
    return this.#lines[line].size;
  }

  #takeSlot(line: Line, keys: Waiting['keys'], signal: AbortSignal): Promise<number> {
    if (signal.aborted) throw gaveUp();
    const waiting = this.#lines[line];
    const free = this.#freeSlots.pop();
    if (free !== undefined) {
      waiting.begin(keys);
      return Promise.resolve(free);
    }
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        waiting.remove(entry);
        reject(gaveUp());
      };
      const start = (slot: number) => {
        signal.removeEventListener('abort', giveUp);
        resolve(slot);
      };
      const leave = (error: Error) => {
        signal.removeEventListener('abort', giveUp);
        reject(error);
      };
      const entry: Waiting = { keys, start, leave };
      signal.addEventListener('abort', giveUp, { once: true });
      waiting.add(entry)?.leave(this.#busy(line));
    });
  }

  #giveSlot(slot: number): void {
    for (const line of lines) {
      const next = this.#lines[line].next();
      if (next === undefined) continue;
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

import { type Item, isSettled, type Phase, phases } from './item.ts';

export type Counts = Readonly<Record<Phase, number>>;

export interface Progress {
  readonly counts: Counts;
  readonly total: number;
  readonly totalBytes: number;
  /** That the server has, or that need not be sent. */
  readonly sentBytes: number;
  readonly bytesPerSecond: number;
  /** Undefined while it cannot be known. */
  readonly secondsLeft: number | undefined;
}

const sampleMs = 1_000;
/** Of a new sample in the rate: some ten seconds are remembered. */
const weight = 0.15;

/** Sums over a queue that are kept by each change, since a queue is too long to be counted at each. */
export class Tally {
  readonly #counts: Record<Phase, number> = zeros();
  readonly #bytes: Record<Phase, number> = zeros();
  #partlySentBytes = 0;
  #rate = 0;
  #sampleBytes = 0;
  #sampleStart: number | undefined;

  add(item: Item): void {
    this.#count(item, 1);
  }

  remove(item: Item): void {
    this.#count(item, -1);
  }

  #count({ phase, sizeBytes, sentBytes }: Item, sign: 1 | -1): void {
    this.#counts[phase] += sign;
    this.#bytes[phase] += sign * sizeBytes;
    if (phase === 'sending') this.#partlySentBytes += sign * sentBytes;
  }

  /** Bytes left the machine. */
  sent(bytes: number, now: number): void {
    this.#sampleStart ??= now;
    this.#sampleBytes += bytes;
    const lengthMs = now - this.#sampleStart;
    if (lengthMs < sampleMs) return;
    const rate = (this.#sampleBytes * 1_000) / lengthMs;
    this.#rate = this.#rate === 0 ? rate : this.#rate + weight * (rate - this.#rate);
    this.#sampleBytes = 0;
    this.#sampleStart = now;
  }

  /** Nothing is sent: what was measured before says nothing about later. */
  rest(): void {
    this.#rate = 0;
    this.#sampleBytes = 0;
    this.#sampleStart = undefined;
  }

  get progress(): Progress {
    const bytes = this.#bytes;
    const leftBytes = bytes.waiting + bytes.missing + bytes.sending - this.#partlySentBytes;
    const totalBytes = phases.reduce((sum, phase) => sum + bytes[phase], 0);
    return {
      counts: { ...this.#counts },
      total: phases.reduce((sum, phase) => sum + this.#counts[phase], 0),
      totalBytes,
      sentBytes: totalBytes - leftBytes,
      bytesPerSecond: this.#rate,
      secondsLeft: this.#rate > 0 ? leftBytes / this.#rate : undefined,
    };
  }
}

/** Of files that have no end yet. */
export function openCount(counts: Counts): number {
  return phases.reduce((sum, phase) => (isSettled(phase) ? sum : sum + counts[phase]), 0);
}

/** Of the bytes; all of them may be there while images are made. */
export function shareOf({ sentBytes, totalBytes }: Progress): number {
  return totalBytes === 0 ? 0 : sentBytes / totalBytes;
}

function zeros(): Record<Phase, number> {
  return { waiting: 0, missing: 0, sending: 0, making: 0, onSale: 0, duplicate: 0, refused: 0, failed: 0 };
}

/** How fast the body of a request has to come. */
export interface PaceLimits {
  /** Without a byte for so long it is given up, in milliseconds. */
  readonly idleMaxMs: number;
  /** Over a minute. */
  readonly bytesPerSecondMin: number;
}

export interface RequestPace extends PaceLimits {
  /** For a whole request, however steadily it comes, in milliseconds. */
  readonly requestMaxMs: number;
}

/** 20 MB arrive at 6 kB/s, which is less than a mobile connection of the third generation gives. */
export const usualPace: RequestPace = { idleMaxMs: 30_000, bytesPerSecondMin: 2_000, requestMaxMs: 3_600_000 };
const windowMs = 60_000;
/** Over which it is told how fast a body comes now. */
const recentMs = 10_000;

interface Sample {
  readonly at: number;
  readonly bytes: number;
}

/**
 * How fast one body comes, looked at now and then. What the receiver makes it wait counts for nothing: only while more could be taken at
 * once is it the sender who is slow.
 */
export class BodyPace {
  readonly #limits: PaceLimits;
  /** Of the last minute at most, the oldest first; never empty. */
  #samples: Sample[];
  #lastByteAt: number;

  /** `now` in milliseconds, never going back; `bytes` as they are counted before the body. */
  constructor(limits: PaceLimits, now: number, bytes: number) {
    this.#limits = limits;
    this.#samples = [{ at: now, bytes }];
    this.#lastByteAt = now;
  }

  /** Takes note of how many bytes have come by now; true once it is too slow. */
  isTooSlow(now: number, bytes: number, isAwaited: boolean): boolean {
    const last = this.#samples.at(-1);
    if (!isAwaited) {
      this.#samples = [{ at: now, bytes }];
      this.#lastByteAt = now;
      return false;
    }
    if (last === undefined || bytes > last.bytes) this.#lastByteAt = now;
    this.#samples.push({ at: now, bytes });
    if (now - this.#lastByteAt >= this.#limits.idleMaxMs) return true;
    const [oldest] = this.#samples;
    if (oldest === undefined || now - oldest.at < windowMs) return false;
    const isSlow = bytes - oldest.bytes < (this.#limits.bytesPerSecondMin * (now - oldest.at)) / 1000;
    this.#samples.shift();
    return isSlow;
  }

  /** Over the last ten seconds; undefined while that cannot be said of it. */
  bytesPerSecond(): number | undefined {
    const last = this.#samples.at(-1);
    if (last === undefined) return undefined;
    const since = this.#samples.findLast(({ at }) => last.at - at >= recentMs);
    return since === undefined ? undefined : ((last.bytes - since.bytes) * 1000) / (last.at - since.at);
  }
}

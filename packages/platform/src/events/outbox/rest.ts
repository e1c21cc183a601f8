/** Between two looks at a table that nobody says has changed, in milliseconds. */
const idleMs = 1_000;
/**
 * The first look after a publication. It waits a moment, so that events published together are told together and the answer to the client goes
 * first. While another relay has the turn, each further look waits twice as long.
 */
const alertMs = 20;

/** The pause between two looks, which a publication in this process shortens. */
export class Rest {
  #nextMs = idleMs;
  #timer: NodeJS.Timeout | undefined;
  #endsAt = 0;
  #endsNoEarlierThan = 0;
  #resume: (() => void) | undefined;

  /** Rests as long as it is usual now, but no shorter than `leastMs`. */
  async take(leastMs = 0): Promise<void> {
    const ms = Math.max(leastMs, this.#nextMs);
    this.#endsNoEarlierThan = performance.now() + leastMs;
    this.#nextMs = Math.min(idleMs, this.#nextMs * 2);
    await new Promise<void>((resolve) => {
      this.#resume = resolve;
      this.#arm(ms);
    });
    this.#resume = undefined;
  }

  /** What is there by now is being told. */
  calm(): void {
    this.#nextMs = idleMs;
  }

  cutShort(): void {
    this.#nextMs = alertMs;
    const ms = Math.max(alertMs, this.#endsNoEarlierThan - performance.now());
    if (this.#resume === undefined || this.#endsAt - performance.now() <= ms) return;
    this.#arm(ms);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#resume?.();
  }

  #arm(ms: number): void {
    clearTimeout(this.#timer);
    this.#endsAt = performance.now() + ms;
    this.#timer = setTimeout(() => this.#resume?.(), ms);
  }
}

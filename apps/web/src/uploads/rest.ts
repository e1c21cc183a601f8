/** Waiting that ends early when there is reason to try at once. */
export class Rest {
  readonly #wakers = new Set<() => void>();
  readonly #isOnline: () => boolean;

  constructor(isOnline: () => boolean) {
    this.#isOnline = isOnline;
  }

  /** Without a network it lasts until `wake`. Throws when `signal` says so. */
  rest(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const timer = this.#isOnline() ? setTimeout(() => end(resolve), ms) : undefined;
      const end = (how: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        this.#wakers.delete(wake);
        how();
      };
      const stop = () => end(() => reject(signal.reason));
      const wake = () => end(resolve);
      signal.addEventListener('abort', stop, { once: true });
      this.#wakers.add(wake);
    });
  }

  wake(): void {
    for (const wake of [...this.#wakers]) wake();
  }
}

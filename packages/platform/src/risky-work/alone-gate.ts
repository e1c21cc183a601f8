interface Waiting {
  readonly isAlone: boolean;
  readonly enter: () => void;
}

/**
 * Lets work in beside other work, or alone, in the order in which it came. Work that wants to be alone waits for all work before it, and all work
 * after it waits.
 */
export class AloneGate {
  readonly #waiting = new Set<Waiting>();
  #insideCount = 0;
  #isAlone = false;

  /** Throws the signal's reason when it aborts before the work's turn. */
  async run<Result>(isAlone: boolean, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    await this.#enter(isAlone, signal);
    try {
      return await work();
    } finally {
      this.#insideCount -= 1;
      this.#isAlone = false;
      this.#letIn();
    }
  }

  async #enter(isAlone: boolean, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(entry);
        reject(signal.reason);
        // It may have kept others from going in.
        this.#letIn();
      };
      const enter = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const entry: Waiting = { isAlone, enter };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.add(entry);
      this.#letIn();
    });
  }

  #letIn(): void {
    for (const entry of this.#waiting) {
      if (this.#isAlone || (entry.isAlone && this.#insideCount > 0)) return;
      this.#waiting.delete(entry);
      this.#insideCount += 1;
      this.#isAlone = entry.isAlone;
      entry.enter();
    }
  }
}

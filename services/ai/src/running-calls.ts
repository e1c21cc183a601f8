/** The calls that this service is answering, so that it is closed behind the last one. */
export class RunningCalls {
  readonly #running = new Set<Promise<unknown>>();

  async run<Result>(call: () => Promise<Result>): Promise<Result> {
    const running = call();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Waits until none is running, those that came meanwhile included. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}

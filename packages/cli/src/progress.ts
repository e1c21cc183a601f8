/** Between lines about a wait that goes on; a terminal shows every change in place. */
const waitLineMs = 10_000;

/** Says how far a command is, each line with the seconds since its start: `   7.0 s  opening the services`. */
export function createProgress(write: (text: string) => void = (text) => process.stdout.write(text)) {
  const isTerminal = process.stdout.isTTY === true;
  const startedAt = performance.now();
  let waitSaidAt = startedAt;
  let isLineOpen = false;
  const line = (message: string) => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    // The control sequence clears what a wait left on the line.
    return `${isLineOpen ? '\r\u001b[K' : ''}${seconds.padStart(6)} s  ${message}`;
  };
  return {
    step(message: string): void {
      write(`${line(message)}\n`);
      isLineOpen = false;
      waitSaidAt = performance.now();
    },
    /** For what takes long: may be called as often as one likes. */
    wait(message: string): void {
      if (isTerminal) {
        write(line(message));
        isLineOpen = true;
      } else if (performance.now() - waitSaidAt > waitLineMs) {
        this.step(message);
      }
    },
    seconds: () => Math.round((performance.now() - startedAt) / 100) / 10,
  };
}

export type Progress = ReturnType<typeof createProgress>;

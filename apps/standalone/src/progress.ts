/** Prints steps with the time each took: `  0.8 s  starting PostgreSQL`. */
export function createProgress(write: (line: string) => void = (line) => console.log(line)) {
  const startedAt = performance.now();
  let lastAt = startedAt;
  return {
    step(message: string): void {
      const now = performance.now();
      write(`${((now - lastAt) / 1000).toFixed(1).padStart(6)} s  ${message}`);
      lastAt = now;
    },
    seconds: () => Math.round((performance.now() - startedAt) / 100) / 10,
  };
}

export type Progress = ReturnType<typeof createProgress>;

/** Thrown when a model pack cannot be used as it lies there; its message lists every problem, one a line. */
export class PackError extends Error {
  readonly problems: readonly string[];

  constructor(pack: string, problems: readonly string[]) {
    super(`The model pack ${pack} does not fit:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'PackError';
    this.problems = problems;
  }
}

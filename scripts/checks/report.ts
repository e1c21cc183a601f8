/** Prints the problems a check found in this folder; the process then ends red when there are any. */
export function report(problems: readonly string[], advice = ''): void {
  for (const problem of problems) console.log(problem);
  if (problems.length === 0) return;
  if (advice) console.log(advice);
  process.exitCode = 1;
}

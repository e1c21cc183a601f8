/** Prints the problems a check found in this folder; the process then ends red when there are any. */
export function report(problems: readonly string[], hint = ''): void {
  for (const problem of problems) console.log(problem);
  if (problems.length === 0) return;
  if (hint) console.log(hint);
  process.exitCode = 1;
}

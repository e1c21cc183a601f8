import type { Result } from './check.ts';
import type { Report } from './reconcile.ts';

/** A table for people, and what needs one. */
export function printReport({ results }: Report): void {
  const width = Math.max(...results.map(({ name }) => name.length));
  const cells = (...numbers: (number | string)[]) => numbers.map((cell) => String(cell).padStart(9)).join('');
  const lines = [`${''.padEnd(width)}${cells('checked', 'dangling', 'mended', 'left')}`];
  for (const { name, checked, dangling, mended, remaining } of results) {
    lines.push(`${name.padEnd(width)}${cells(checked, dangling, mended, remaining)}`);
  }
  for (const result of results) if (result.remaining > 0) lines.push('', ...detailsOf(result));
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** One line of JSON for programs. */
export function printSummary({ results, danglingCount }: Report): void {
  const relations = Object.fromEntries(
    results.map(({ name, checked, dangling, mended, remaining }) => [
      name,
      { checked, dangling, mended, left: remaining },
    ]),
  );
  process.stdout.write(`${JSON.stringify({ dangling: danglingCount, relations })}\n`);
}

function detailsOf({ name, remaining, examples, isHeldBack, advice }: Result): string[] {
  const held = isHeldBack
    ? [
        '  So much dangles that the two sides may not be of one installation: nothing was mended. If they are, add --force.',
      ]
    : [];
  const rest = remaining > examples.length ? [`  and ${remaining - examples.length} more`] : [];
  return [`${name}: ${advice}`, ...held, ...examples.map((example) => `  ${example}`), ...rest];
}

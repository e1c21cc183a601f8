// The tests, closed by one line that people and machines read: `N passed, N failed`.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from './run-child.mjs';
import type { Summary } from './summary-reporter.ts';

const folder = mkdtempSync(join(tmpdir(), 'kilas-test-'));
try {
  process.exitCode = await runTests(process.argv.slice(2), join(folder, 'summary.json'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function runTests(args: string[], summaryFile: string): Promise<number> {
  const reporters = args.some((arg) => arg.startsWith('--reporter')) ? [] : ['--reporter=default'];
  const line = [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...reporters,
    '--reporter=./scripts/summary-reporter.ts',
    ...args,
  ];
  const env = { ...process.env, KILAS_TEST_SUMMARY: summaryFile };
  const exitCode = await runChild(process.execPath, line, { env });
  const { passed, failed, failures, skipped } = readSummary(summaryFile, exitCode);
  for (const { name, reason } of failures) console.log(`failed: ${name}: ${firstLine(reason)}`);
  for (const { name, reason } of skipped) console.log(`skipped: ${name}: ${reason}`);
  const skippedPart = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
  console.log(`${passed} passed, ${failed} failed${skippedPart}`);
  if (exitCode !== 0) return exitCode;
  return passed === 0 || failed > 0 ? 1 : 0;
}

/** A run that broke down without saying so in a test counts as one failure. */
function readSummary(file: string, exitCode: number): Summary {
  if (!existsSync(file)) return { passed: 0, failed: 1, failures: [], skipped: [] };
  const summary: Summary = JSON.parse(readFileSync(file, 'utf8'));
  const silent = exitCode !== 0 && summary.failed === 0 && summary.passed > 0;
  return silent ? { ...summary, failed: 1 } : summary;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

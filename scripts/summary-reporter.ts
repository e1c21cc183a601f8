import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';

interface Summary {
  passed: number;
  failed: number;
  failures: { name: string; reason: string }[];
  skipped: { name: string; reason: string }[];
}

/** Closes a run with one line that people and machines read: `N passed, N failed`. Beside tests, everything that went wrong
 * outside of one is a failure: a file that cannot be loaded, a hook, an error nobody caught. A run without a test is one too. */
class SummaryReporter implements Reporter {
  private namePattern: RegExp | undefined;
  private fileCount = 0;

  onInit(vitest: Vitest): void {
    this.namePattern = vitest.config.testNamePattern;
  }

  onTestRunStart(files: readonly unknown[]): void {
    this.fileCount = files.length;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    // Every file is missing when the setup of the run fails, one when its process dies.
    const missing = Math.max(0, this.fileCount - modules.length);
    const summary: Summary = { passed: 0, failed: unhandled.length + missing, failures: [], skipped: [] };
    for (const module of modules) {
      if (module.errors().length > 0) summary.failed += 1;
      for (const suite of module.children.allSuites()) {
        if (suite.errors().length > 0) summary.failed += 1;
      }
      for (const test of module.children.allTests()) this.count(test, summary);
    }
    print(summary);
    if (summary.passed === 0 || summary.failed > 0) process.exitCode = 1;
  }

  private count(test: TestCase, summary: Summary): void {
    const result = test.result();
    if (result.state === 'passed') summary.passed += 1;
    else if (result.state === 'failed') {
      summary.failed += 1;
      summary.failures.push({ name: describe(test), reason: result.errors[0]?.message ?? 'no reason given' });
    } else if (result.state !== 'skipped') summary.failed += 1;
    else if (this.wasAskedFor(test))
      summary.skipped.push({ name: describe(test), reason: reasonOf(test, result.note) });
  }

  /** False for a test that `-t <pattern>` left out. */
  private wasAskedFor(test: TestCase): boolean {
    return this.namePattern?.test(namesOf(test).join(' ')) ?? true;
  }
}

function print({ passed, failed, failures, skipped }: Summary): void {
  for (const { name, reason } of failures) console.log(`failed: ${name}: ${reason.split('\n', 1)[0]}`);
  for (const { name, reason } of skipped) console.log(`skipped: ${name}: ${reason}`);
  console.log(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`);
}

function reasonOf(test: TestCase, note: string | undefined): string {
  if (note) return note;
  if (parentsOf(test).some((parent) => parent.errors().length > 0)) return 'a hook before it failed';
  return test.options.mode === 'todo' ? 'to do' : 'no reason given';
}

function describe(test: TestCase): string {
  return [test.module.relativeModuleId, ...namesOf(test)].join(' > ');
}

function namesOf(test: TestCase): string[] {
  const suites = parentsOf(test).filter((parent) => parent.type === 'suite');
  return [...suites.map(({ name }) => name), test.name];
}

/** From the file inwards. */
function parentsOf(test: TestCase): (TestSuite | TestModule)[] {
  const parents: (TestSuite | TestModule)[] = [test.parent];
  for (let parent = test.parent; parent.type === 'suite'; parent = parent.parent) parents.unshift(parent.parent);
  return parents;
}

// Vitest loads a reporter by path, and takes its default export.
export default SummaryReporter;

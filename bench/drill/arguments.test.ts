import { expect, test } from 'vitest';
import { readArguments, UsageError } from './arguments.ts';
import { fullPlan, nameOf, shortPlan } from './plan.ts';

const faultsOf = (...argv: string[]) => readArguments(argv)?.plan.faults.map(nameOf);

test('a fault can be named by its kind, or one of a kind', () => {
  expect(faultsOf('--only', 'kill-upload')).toEqual(['kill-upload']);
  expect(faultsOf('--short', '--only', 'roll')).toHaveLength(5);
});

test('what is not understood is said, not passed over', () => {
  for (const argv of [['--only', 'kil'], ['--seed', 'x'], ['--fast'], ['extra']]) {
    expect(() => readArguments(argv)).toThrow(UsageError);
  }
});

test('the short run has every kind of fault', () => {
  const kinds = (plan: typeof fullPlan) => new Set(plan.faults.map(({ kind }) => kind));
  expect(kinds(shortPlan)).toEqual(kinds(fullPlan));
});

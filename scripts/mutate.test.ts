import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Mutation, mutate, readMutations } from './mutations.ts';

const mutations = readMutations();
const areas = ['orders', 'payments', 'ledger', 'consents', 'erasures', 'matching', 'links', 'limits', 'resumable'];

test('there are faults of every area that must not break, and each has a name of its own', () => {
  expect(mutations.length).toBeGreaterThanOrEqual(80);
  expect(new Set(mutations.map(({ area }) => area))).toEqual(new Set([...areas, 'lists', 'sends']));
  expect(new Set(mutations.map(({ area, name }) => `${area}: ${name}`)).size).toBe(mutations.length);
});

test.each(mutations)('$area: $name fits the code, and its tests are there', (mutation) => {
  const code = readFileSync(mutation.file, 'utf8');
  expect(mutate(mutation, code)).not.toBe(code);
  for (const file of mutation.tests) expect(existsSync(file), file).toBe(true);
});

test('a fault that stands nowhere, or more than once, or makes no program, is not put in', () => {
  const fault: Mutation = {
    area: 'orders',
    name: 'a fault',
    file: 'a.ts',
    find: 'a < b',
    replace: 'a <= b',
    tests: [],
  };
  expect(mutate(fault, 'if (a < b) stop();')).toBe('if (a <= b) stop();');
  expect(() => mutate(fault, 'if (a > b) stop();')).toThrow('stands 0 times in a.ts');
  expect(() => mutate(fault, 'if (a < b || a < b) stop();')).toThrow('stands 2 times in a.ts');
  expect(() => mutate({ ...fault, replace: '(a' }, 'if (a < b) stop();')).toThrow();
});

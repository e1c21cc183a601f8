import { expect, test } from 'vitest';
import { Balancer } from './balancer.ts';

function balancerOf(...addresses: string[]) {
  let nowMs = 0;
  const balancer = new Balancer(
    () => addresses,
    () => nowMs,
  );
  return {
    balancer,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

test('equals take turns', () => {
  const { balancer } = balancerOf('a', 'b', 'c');
  expect(Array.from({ length: 6 }, () => balancer.choose()).sort()).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
});

test('the process with the fewest requests under way is chosen, however they ended before', () => {
  const { balancer } = balancerOf('a', 'b');
  const endA = balancer.begin('a');
  expect([balancer.choose(), balancer.choose()]).toEqual(['b', 'b']);
  balancer.begin('b');
  balancer.begin('b');
  expect([balancer.choose(), balancer.choose()]).toEqual(['a', 'a']);
  endA();
  endA();
  balancer.begin('a');
  balancer.begin('a');
  expect(new Set([balancer.choose(), balancer.choose()])).toEqual(new Set(['a', 'b']));
});

test('a process that failed is passed over for a second, then for longer, until it answers', () => {
  const { balancer, pass } = balancerOf('a', 'b');
  balancer.failed('a');
  expect([balancer.choose(), balancer.choose()]).toEqual(['b', 'b']);
  pass(1_000);
  expect(new Set([balancer.choose(), balancer.choose()])).toEqual(new Set(['a', 'b']));
  balancer.failed('a');
  pass(1_000);
  expect([balancer.choose(), balancer.choose()]).toEqual(['b', 'b']);
  balancer.answered('a');
  expect(new Set([balancer.choose(), balancer.choose()])).toEqual(new Set(['a', 'b']));
});

test('where all failed of late they are asked all the same', () => {
  const { balancer } = balancerOf('a', 'b');
  balancer.failed('a');
  balancer.failed('b');
  expect(new Set([balancer.choose(), balancer.choose()])).toEqual(new Set(['a', 'b']));
});

test('another one than the first is another one, also when that failed of late', () => {
  const { balancer } = balancerOf('a', 'b');
  balancer.failed('b');
  expect(balancer.choose('a')).toBe('b');
  expect(balancerOf('a').balancer.choose('a')).toBeUndefined();
  expect(balancerOf().balancer.choose()).toBeUndefined();
});

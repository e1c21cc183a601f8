import { expect, test } from 'vitest';
import { mergeKeys } from './merge-keys.ts';

async function* keysOf(text: string): AsyncGenerator<{ key: string }> {
  for (const key of text) yield { key };
}

const merged = async (left: string, right: string) =>
  (await Array.fromAsync(mergeKeys(keysOf(left), keysOf(right)))).map(
    (pair) => `${pair.left?.key ?? '-'}${pair.right?.key ?? '-'}`,
  );

test.each([
  ['', '', []],
  ['a', '', ['a-']],
  ['', 'a', ['-a']],
  ['abd', 'bce', ['a-', 'bb', '-c', 'd-', '-e']],
  ['c', 'ab', ['-a', '-b', 'c-']],
  ['ab', 'ab', ['aa', 'bb']],
])('%j beside %j is %j', async (left, right, expected) => {
  expect(await merged(left, right)).toEqual(expected);
});

test.each([
  ['ba', 'ab'],
  ['ab', 'ba'],
  ['aab', 'ab'],
])('%j beside %j, of which one is out of order, is an error', async (left, right) => {
  await expect(merged(left, right)).rejects.toThrow(/not in order/);
});

import { expect, test } from 'vitest';
import { memoryCache } from './memory-shared-state.ts';
import { shareAnswers } from './share-answers.ts';

/** An answer that is computed when the test says so. */
function openAnswers() {
  const share = shareAnswers(memoryCache(60));
  const computed: PromiseWithResolvers<string>[] = [];
  const ask = (key: string) =>
    share(key, () => {
      const answer = Promise.withResolvers<string>();
      computed.push(answer);
      return answer.promise;
    });
  return { ask, computed };
}

test('who asks for the same together, or soon after, shares one computation', async () => {
  const { ask, computed } = openAnswers();
  const asked = [ask('a'), ask('a'), ask('b')];
  await new Promise(setImmediate);
  expect(computed).toHaveLength(2);
  computed[0]?.resolve('one');
  computed[1]?.resolve('other');
  expect(await Promise.all(asked)).toEqual(['one', 'one', 'other']);
  expect(await ask('a')).toBe('one');
  expect(computed).toHaveLength(2);
});

test('what fails reaches all who wait for it, and is tried again', async () => {
  const { ask, computed } = openAnswers();
  const asked = [ask('a'), ask('a')];
  await new Promise(setImmediate);
  computed[0]?.reject(new Error('away'));
  for (const answer of asked) await expect(answer).rejects.toThrow('away');
  const again = ask('a');
  await new Promise(setImmediate);
  computed[1]?.resolve('there');
  expect(await again).toBe('there');
});

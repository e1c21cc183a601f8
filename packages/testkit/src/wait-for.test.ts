import { expect, test } from 'vitest';
import { waitFor } from './wait-for.ts';

test('waiting ends with the first answer that is truthy', async () => {
  const answers = [undefined, 0, 'published'];
  expect(await waitFor(() => answers.shift(), { what: 'the photo' })).toBe('published');
});

test('waiting in vain says what for', async () => {
  await expect(waitFor(async () => false, { what: 'the photo', timeoutMs: 30 })).rejects.toThrow(
    '30 ms in vain for the photo',
  );
});

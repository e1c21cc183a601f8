import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** What a browser has and Node.js has not. */
beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  const stored = new Map([['kilas.signed-in', 'yes']]);
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  });
  vi.stubGlobal('location', { hash: '', pathname: '/', search: '' });
  vi.stubGlobal('navigator', { languages: ['en'], locks: { request: (_: string, run: () => unknown) => run() } });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('while no answer comes nobody is signed out, and one attempt at a time follows another', async () => {
  const fetched = vi.fn(() => Promise.reject(new TypeError('no network')));
  vi.stubGlobal('fetch', fetched);
  const { accessToken, readSession } = await import('./session.ts');
  const asked = await Promise.allSettled(Array.from({ length: 5 }, () => accessToken()));
  expect(asked.every(({ status }) => status === 'rejected')).toBe(true);
  expect(readSession()).toEqual({ status: 'unknown' });
  expect(fetched).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(fetched).toHaveBeenCalledTimes(2);
  expect(vi.getTimerCount()).toBe(1);
});

test('when the network is back, who was signed in is signed in', async () => {
  const account = { username: 'somebody' };
  const signedIn = { accessToken: 'token', expiresAt: new Date(Date.now() + 3_600_000).toISOString(), account };
  const fetched = vi.fn().mockRejectedValueOnce(new TypeError('no network'));
  fetched.mockResolvedValue(Response.json(signedIn));
  vi.stubGlobal('fetch', fetched);
  const { readSession, startSession } = await import('./session.ts');
  await expect(startSession()).rejects.toThrow('no answer');
  await vi.advanceTimersByTimeAsync(3_000);
  expect(readSession()).toEqual({ status: 'signed-in', account });
  expect(vi.getTimerCount()).toBe(0);
});

import { expect, test, vi } from 'vitest';
import type { Links } from './columns.ts';
import { ImageLoader } from './image-loader.ts';

/** An image element that loads when it is told to. */
function imageOf() {
  let settle: { resolve: () => void; reject: (reason: Error) => void } | undefined;
  return {
    src: '',
    complete: false,
    decode(): Promise<void> {
      return new Promise((resolve, reject) => {
        settle = { resolve, reject };
      });
    },
    removeAttribute() {
      this.src = '';
    },
    arrive: () => settle?.resolve(),
    break: () => settle?.reject(new Error('broken')),
  };
}

const linksOf = (photoId: string, round = 1): Links => ({
  thumbnailUrl: `/${photoId}/400?${round}`,
  thumbnailSmallUrl: `/${photoId}/200?${round}`,
});

/** Photos by number, whose links are there at once. */
function loaderOf() {
  const asked: { photoIds: readonly string[]; signal: AbortSignal; isAgain: boolean }[] = [];
  const loader = new ImageLoader(async (photoIds, signal, isAgain) => {
    asked.push({ photoIds, signal, isAgain });
    return new Map(photoIds.map((photoId) => [photoId, linksOf(photoId, asked.length)]));
  });
  const show = (index: number, isLarge = false) => {
    const [image, done] = [imageOf(), vi.fn()];
    return { image, done, drop: loader.show({ photoId: String(index), index, image, isLarge, done }) };
  };
  return { loader, asked, show };
}

test('tiles that come together ask for their links together, and get the size they need', async () => {
  const { asked, show } = loaderOf();
  const [small, large] = [show(1), show(2, true)];
  await vi.waitFor(() => expect(small.image.src).toBe('/1/200?1'));
  expect(large.image.src).toBe('/2/400?1');
  expect(asked.map(({ photoIds }) => photoIds)).toEqual([['1', '2']]);
  small.image.arrive();
  await vi.waitFor(() => expect(small.done).toHaveBeenCalledWith(true));
});

test('six images load at a time, those nearest to the middle of the screen first', async () => {
  const { loader, show } = loaderOf();
  loader.look(20, false);
  const shown = Array.from({ length: 30 }, (_, index) => show(index));
  const loading = () => shown.flatMap(({ image }, index) => (image.src === '' ? [] : [index]));
  await vi.waitFor(() => expect(loading()).toHaveLength(6));
  expect(loading()).toContain(20);
  for (const index of loading()) expect(Math.abs(index - 20)).toBeLessThanOrEqual(3);
  shown[20]?.image.arrive();
  await vi.waitFor(() => expect(loading()).toHaveLength(7));
});

test('the image of a tile that was scrolled past is not loaded any further, and its turn goes to another', async () => {
  const { show } = loaderOf();
  const shown = Array.from({ length: 7 }, (_, index) => show(index));
  await vi.waitFor(() => expect(shown[0]?.image.src).not.toBe(''));
  expect(shown[6]?.image.src).toBe('');
  shown[0]?.drop();
  expect(shown[0]?.image.src).toBe('');
  await vi.waitFor(() => expect(shown[6]?.image.src).not.toBe(''));
  expect(shown[0]?.done).not.toHaveBeenCalled();
});

test('links that nobody waits for any more are not asked for any further', async () => {
  const signals: AbortSignal[] = [];
  const loader = new ImageLoader((_, signal) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  const drops = [1, 2].map((index) =>
    loader.show({ photoId: String(index), index, image: imageOf(), isLarge: false, done: vi.fn() }),
  );
  await vi.waitFor(() => expect(signals).toHaveLength(1));
  drops[0]?.();
  expect(signals[0]?.aborted).toBe(false);
  drops[1]?.();
  expect(signals[0]?.aborted).toBe(true);
});

test('an image that fails is tried once more by a new link, then given up', async () => {
  const { asked, show } = loaderOf();
  const { image, done } = show(1);
  await vi.waitFor(() => expect(image.src).toBe('/1/200?1'));
  image.break();
  await vi.waitFor(() => expect(image.src).toBe('/1/200?2'));
  expect(asked.map(({ isAgain }) => isAgain)).toEqual([false, true]);
  expect(done).not.toHaveBeenCalled();
  image.break();
  await vi.waitFor(() => expect(done).toHaveBeenCalledWith(false));
});

test('a photo without an image ends, and keeps nobody waiting', async () => {
  const loader = new ImageLoader(async () => new Map());
  const done = vi.fn();
  loader.show({ photoId: '1', index: 1, image: imageOf(), isLarge: false, done });
  await vi.waitFor(() => expect(done).toHaveBeenCalledWith(false));
});

test('nothing is loaded while photos rush by', async () => {
  vi.useFakeTimers();
  try {
    const { loader, asked, show } = loaderOf();
    loader.look(0, true);
    show(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toEqual([]);
    loader.look(0, false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});

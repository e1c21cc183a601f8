import { expect, test, vi } from 'vitest';
import type { Columns, GridSource } from './columns.ts';
import { SegmentLoader } from './segment-loader.ts';

const columns: Columns = { photoIds: ['a'], ratios: [1], thumbhashes: [null], capturedAt: [''] };

/** A server whose answers are given by hand. */
function serverOf() {
  const asked = new Map<string, { signal: AbortSignal; answer: () => void; refuse: () => void }>();
  const source: Pick<GridSource, 'loadSegment'> = {
    loadSegment: (segment, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        asked.set(segment, { signal, answer: () => resolve(columns), refuse: () => reject(new Error('refused')) });
      }),
  };
  return { asked, source };
}

test('two segments are loaded at a time, and each once', async () => {
  const { asked, source } = serverOf();
  const loaded: string[] = [];
  const loader = new SegmentLoader(source, (segment) => loaded.push(segment), vi.fn());
  loader.want(['1', '2', '3']);
  loader.want(['1', '2', '3']);
  expect([...asked.keys()]).toEqual(['1', '2']);
  asked.get('1')?.answer();
  await vi.waitFor(() => expect([...asked.keys()]).toEqual(['1', '2', '3']));
  expect(loaded).toEqual(['1']);
});

test('a segment that was passed is no longer asked for', () => {
  const { asked, source } = serverOf();
  const loader = new SegmentLoader(source, vi.fn(), vi.fn());
  loader.want(['1', '2']);
  loader.want(['2', '3']);
  expect(asked.get('1')?.signal.aborted).toBe(true);
  expect(asked.get('2')?.signal.aborted).toBe(false);
});

test('nothing is begun while photos rush by, and what is near goes on', () => {
  const { asked, source } = serverOf();
  const loader = new SegmentLoader(source, vi.fn(), vi.fn());
  loader.want(['1']);
  loader.want(['1', '2'], true);
  expect([...asked.keys()]).toEqual(['1']);
  expect(asked.get('1')?.signal.aborted).toBe(false);
});

test('a segment that could not be loaded waits for somebody to ask again', async () => {
  const { asked, source } = serverOf();
  const changed = vi.fn();
  const loader = new SegmentLoader(source, vi.fn(), changed);
  loader.want(['1']);
  asked.get('1')?.refuse();
  await vi.waitFor(() => expect(loader.failure).toBeDefined());
  expect(changed).toHaveBeenCalled();
  asked.clear();
  loader.want(['1']);
  expect(asked.size).toBe(0);
  loader.retry();
  expect(loader.failure).toBeUndefined();
  expect([...asked.keys()]).toEqual(['1']);
});

import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import { expect, test } from 'vitest';
import { AnalysisQueue, type Line } from './analysis-queue.ts';

const never = new AbortController().signal;

/** Work that ends when the test says so; `order` is what started. */
function bench(queue: AnalysisQueue) {
  const order: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const gateOf = (name: string) => {
    const gate = gates.get(name) ?? Promise.withResolvers<void>();
    gates.set(name, gate);
    return gate;
  };
  const start = (line: Line, name: string, signal = never, whose = 'anna') =>
    queue.run({ line, whose }, signal, async (slot) => {
      order.push(name);
      await gateOf(name).promise;
      return slot;
    });
  const end = async (name: string, done: Promise<unknown>) => {
    gateOf(name).resolve();
    await done;
  };
  return { order, start, end };
}

test('a selfie goes before photos that wait', async () => {
  const { order, start, end } = bench(new AnalysisQueue({ concurrency: 1, waitingMax: 5 }));
  const first = start('photos', 'first photo');
  const second = start('photos', 'second photo');
  const selfie = start('selfies', 'selfie');
  await end('first photo', first);
  await end('selfie', selfie);
  await end('second photo', second);
  expect(order).toEqual(['first photo', 'selfie', 'second photo']);
});

test('no more run at once than there are slots, and each has a slot of its own', async () => {
  const { order, start, end } = bench(new AnalysisQueue({ concurrency: 2, waitingMax: 5 }));
  const runs = ['a', 'b', 'c'].map((name) => ({ name, done: start('photos', name) }));
  await Promise.resolve();
  expect(order).toEqual(['a', 'b']);
  for (const { name, done } of runs) await end(name, done);
  const slots = await Promise.all(runs.slice(0, 2).map(({ done }) => done));
  expect(slots.sort()).toEqual([0, 1]);
});

test('a full line refuses with AI_BUSY and says when to come again', async () => {
  const { start, end } = bench(new AnalysisQueue({ concurrency: 1, waitingMax: 1 }));
  const running = start('photos', 'running');
  const waiting = start('photos', 'waiting');
  const refused = await start('photos', 'refused').then(() => undefined, refusalOf);
  expect(refused?.reason).toBe('AI_BUSY');
  expect(Number(refused?.params.retryAfterSeconds)).toBeGreaterThan(0);
  await end('running', running);
  await end('waiting', waiting);
});

test('photos that wait take no place from a selfie', async () => {
  const { order, start, end } = bench(new AnalysisQueue({ concurrency: 1, waitingMax: 1 }));
  const running = start('photos', 'running');
  const waiting = start('photos', 'waiting');
  const selfie = start('selfies', 'selfie');
  await end('running', running);
  await end('selfie', selfie);
  await end('waiting', waiting);
  expect(order).toEqual(['running', 'selfie', 'waiting']);
});

test('who gives up leaves the line, and work that fails frees its slot', async () => {
  const queue = new AnalysisQueue({ concurrency: 1, waitingMax: 1 });
  const { order, start, end } = bench(queue);
  const running = start('photos', 'running');
  const caller = new AbortController();
  const impatient = start('photos', 'impatient', caller.signal);
  caller.abort();
  await expect(impatient).rejects.toThrow('canceled');
  const next = queue.run({ line: 'photos', whose: 'anna' }, never, () => Promise.reject(new Error('broken')));
  await end('running', running);
  await expect(next).rejects.toThrow('broken');
  await end('last', start('photos', 'last'));
  expect(order).toEqual(['running', 'last']);
});

test('one whose pictures fill a line keeps nobody out: they take turns, and the last of many makes room', async () => {
  const { order, start, end } = bench(new AnalysisQueue({ concurrency: 1, waitingMax: 3 }));
  const runs = ['1', '2', '3', '4'].map((name) => ({ name, done: start('selfies', name) }));
  const last = runs.pop()?.done.then(() => undefined, refusalOf);
  const honest = start('selfies', 'honest', never, 'bela');
  expect((await last)?.reason).toBe('AI_BUSY');
  const [first, ...others] = runs;
  if (first !== undefined) await end(first.name, first.done);
  await end('honest', honest);
  for (const { name, done } of others) await end(name, done);
  expect(order).toEqual(['1', 'honest', '2', '3']);
});

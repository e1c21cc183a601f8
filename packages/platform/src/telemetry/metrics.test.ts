import { expect, test } from 'vitest';
import { Count, Reading, registry, remembered } from './metrics.ts';

const textOf = (name: string) => registry.getSingleMetricAsString(name);

test('every series of a count stands at 0 from the start, and a value nobody announced is counted as other', async () => {
  const sales = new Count('shop', 'test_sales_total', 'Sales', { kind: ['shared', 'exclusive'], paid: ['yes', 'no'] });
  expect(await textOf('test_sales_total')).toContain('{service="shop",kind="exclusive",paid="no"} 0');
  sales.add({ kind: 'shared', paid: 'yes' }, 3);
  for (let i = 0; i < 1000; i++) sales.add({ kind: `made up ${i}`, paid: 'yes' });
  const text = await textOf('test_sales_total');
  expect(text).toContain('{service="shop",kind="shared",paid="yes"} 3');
  expect(text).toContain('{service="shop",kind="other",paid="yes"} 1000');
  expect(text.trim().split('\n')).toHaveLength(2 + 5);
});

test('a reading shows what each service says now; one that ended or fails is left out, the others stay', async () => {
  const depth = new Reading('test_depth', 'Depth', ['kind']);
  let value = 1;
  const end = depth.from('photo', () => [{ labels: { kind: 'a' }, value }]);
  depth.from('user', async () => [{ labels: { kind: 'b' }, value: 7 }]);
  depth.from('ai', async () => {
    throw new Error('the database is away');
  });
  value = 2;
  const text = await textOf('test_depth');
  expect(text).toContain('test_depth{kind="a",service="photo"} 2');
  expect(text).toContain('test_depth{kind="b",service="user"} 7');
  expect(text).not.toContain('ai');
  end();
  expect(await textOf('test_depth')).not.toContain('photo');
});

test('a source that does not answer holds no scrape up for long', async () => {
  const stuck = new Reading('test_stuck', 'Stuck');
  const end = stuck.from('photo', () => new Promise(() => {}));
  stuck.from('user', () => [{ labels: {}, value: 1 }]);
  expect(await textOf('test_stuck')).toContain('{service="user"} 1');
  end();
});

test('however many ask, a query runs once while it is fresh, and never a second time while one is outstanding', async () => {
  let asked = 0;
  let answer = (_value: number) => {};
  const read = remembered(0, () => {
    asked += 1;
    return new Promise<number>((resolve) => {
      answer = resolve;
    });
  });
  const first = Promise.all([read(), read(), read()]);
  expect(asked).toBe(1);
  answer(42);
  expect(await first).toEqual([42, 42, 42]);
  void read();
  expect(asked).toBe(2);
  const kept = remembered(60_000, async () => (asked += 1));
  expect(await kept()).toBe(await kept());
});

test('a query that failed is asked again', async () => {
  let asked = 0;
  const read = remembered(0, async () => {
    asked += 1;
    if (asked === 1) throw new Error('away');
    return asked;
  });
  await expect(read()).rejects.toThrow('away');
  expect(await read()).toBe(2);
});

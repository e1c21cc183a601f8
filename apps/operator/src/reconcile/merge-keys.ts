/**
 * What two lists hold, both in the order of their keys' bytes: each key once, with what either side says of it. Throws where a
 * list is not in that order: what the other has would be taken for missing.
 */
export async function* mergeKeys<Left extends { key: string }, Right extends { key: string }>(
  left: AsyncIterable<Left>,
  right: AsyncIterable<Right>,
): AsyncGenerator<{ left?: Left; right?: Right }> {
  const [lefts, rights] = [inOrder(left), inOrder(right)];
  let [a, b] = [await lefts.next(), await rights.next()];
  while (!a.done || !b.done) {
    // Keys are hexadecimal: JavaScript orders them as their bytes.
    if (b.done || (!a.done && a.value.key < b.value.key)) {
      if (a.done) return;
      yield { left: a.value };
      a = await lefts.next();
    } else if (a.done || b.value.key < a.value.key) {
      yield { right: b.value };
      b = await rights.next();
    } else {
      yield { left: a.value, right: b.value };
      [a, b] = [await lefts.next(), await rights.next()];
    }
  }
}

async function* inOrder<Item extends { key: string }>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  let last = '';
  for await (const item of items) {
    if (item.key <= last) throw new Error(`the list of keys is not in order: ${item.key} came after ${last}`);
    last = item.key;
    yield item;
  }
}

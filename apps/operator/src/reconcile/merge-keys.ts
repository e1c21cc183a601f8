/** What two lists hold, both in the order of their keys' bytes: each key once, with what either side says of it. */
export async function* mergeKeys<Left extends { key: string }, Right extends { key: string }>(
  left: AsyncIterable<Left>,
  right: AsyncIterable<Right>,
): AsyncGenerator<{ left?: Left; right?: Right }> {
  const [lefts, rights] = [left[Symbol.asyncIterator](), right[Symbol.asyncIterator]()];
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

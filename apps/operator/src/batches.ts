/** Items of a stream, so many at a time; the last batch may be smaller, none is empty. */
export async function* batchesOf<Item>(items: AsyncIterable<Item>, sizeMax: number): AsyncGenerator<Item[]> {
  let batch: Item[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < sizeMax) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

import type { Batch, NewItem, QueueStore, StoredItem, Terms } from '../item.ts';

/** A queue store that outlives its page, as a disk does. */
export class MemoryQueueStore implements QueueStore {
  readonly #batches: Batch[] = [];
  readonly #items = new Map<number, StoredItem>();
  #nextId = 1;

  async load() {
    return structuredClone({ batches: this.#batches, items: [...this.#items.values()] });
  }

  async addBatch(terms: Terms): Promise<Batch> {
    const batch = { ...terms, batchId: this.#nextId++ };
    this.#batches.push(batch);
    return batch;
  }

  async addItems(items: readonly NewItem[]): Promise<readonly number[]> {
    return items.map((item) => {
      const id = this.#nextId++;
      this.#items.set(id, structuredClone({ ...item, id }));
      return id;
    });
  }

  async putItems(items: readonly StoredItem[]): Promise<void> {
    for (const item of items) if (this.#items.has(item.id)) this.#items.set(item.id, structuredClone(item));
  }

  async deleteItems(ids: readonly number[]): Promise<void> {
    for (const id of ids) this.#items.delete(id);
  }
}

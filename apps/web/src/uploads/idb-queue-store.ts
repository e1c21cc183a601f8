import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Batch, NewItem, QueueStore, StoredItem, Terms } from './item.ts';

interface UploadsSchema extends DBSchema {
  batches: { key: number; value: Terms & { batchId?: number } };
  items: { key: number; value: NewItem & { id?: number } };
  /** Folders through which files are opened again after the page was away. */
  roots: { key: number; value: FileSystemDirectoryHandle };
}

export type UploadsDatabase = IDBPDatabase<UploadsSchema>;

const readAtOnce = 2_000;

/** Each account has a queue of its own in a browser. */
export function openUploadsDatabase(accountId: string): Promise<UploadsDatabase> {
  return openDB<UploadsSchema>(`kilas-uploads-${accountId}`, 1, {
    upgrade(database) {
      database.createObjectStore('batches', { keyPath: 'batchId', autoIncrement: true });
      database.createObjectStore('items', { keyPath: 'id', autoIncrement: true });
      database.createObjectStore('roots', { autoIncrement: true });
    },
  });
}

export function idbQueueStore(database: UploadsDatabase): QueueStore {
  return {
    async load() {
      const items: StoredItem[] = [];
      for (;;) {
        const after = items.at(-1)?.id;
        const range = after === undefined ? null : IDBKeyRange.lowerBound(after, true);
        const some = (await database.getAll('items', range, readAtOnce)) as StoredItem[];
        items.push(...some);
        if (some.length < readAtOnce) break;
      }
      return { batches: (await database.getAll('batches')) as Batch[], items };
    },
    async addBatch(terms) {
      return { ...terms, batchId: await database.add('batches', terms) };
    },
    async addItems(items) {
      const { store, done } = database.transaction('items', 'readwrite');
      const ids = await Promise.all(items.map((item) => store.add(item)));
      await done;
      return ids;
    },
    async putItems(items) {
      const { store, done } = database.transaction('items', 'readwrite');
      for (const item of items) {
        // Another tab may have taken it off the list.
        if ((await store.getKey(item.id)) !== undefined) void store.put(item);
      }
      await done;
    },
    async deleteItems(ids) {
      const { store, done } = database.transaction('items', 'readwrite');
      for (const id of ids) void store.delete(id);
      await done;
      if ((await database.count('items')) > 0) return;
      await Promise.all([database.clear('batches'), database.clear('roots')]);
    },
  };
}

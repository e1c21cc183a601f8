import {
  type Batch,
  type FoundFile,
  type Item,
  isSamePlace,
  isSettled,
  likenessOf,
  type NewItem,
  type Phase,
  type QueueStore,
  storedOf,
  type Terms,
} from './item.ts';
import { type Progress, Tally } from './tally.ts';

export type Filter = 'all' | 'going' | 'refused';

const keepAfterMs = 200;
const tellAfterMs = 200;

/** The files that are and were on their way, in memory and on the disk. What changes is kept and told in short intervals, not at once. */
export class Queue {
  readonly #store: QueueStore;
  readonly #items = new Map<number, Item>();
  readonly #batches = new Map<number, Batch>();
  readonly #byLikeness = new Map<string, number[]>();
  readonly #ofPhase = { waiting: new Set<number>(), making: new Set<number>() };
  readonly #changed = new Set<number>();
  readonly #listeners = new Set<() => void>();
  readonly #lists = new Map<Filter, readonly Item[]>();
  readonly #tally = new Tally();
  #version = 0;
  #keepTimer: ReturnType<typeof setTimeout> | undefined;
  #tellTimer: ReturnType<typeof setTimeout> | undefined;
  #keeping: Promise<void> = Promise.resolve();

  constructor(store: QueueStore) {
    this.#store = store;
  }

  /** Counts what listeners were told. */
  get version(): number {
    return this.#version;
  }

  get progress(): Progress {
    return this.#tally.progress;
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The items of a list as they stand; the same array until one came, went, or changed its list. */
  list(filter: Filter): readonly Item[] {
    const known = this.#lists.get(filter);
    if (known !== undefined) return known;
    const all = [...this.#items.values()];
    const list = filter === 'all' ? all : all.filter(({ phase }) => isIn(filter, phase));
    this.#lists.set(filter, list);
    return list;
  }

  has({ id }: Item): boolean {
    return this.#items.has(id);
  }

  termsOf({ batchId }: Item): Terms | undefined {
    return this.#batches.get(batchId);
  }

  /** In the order in which they came; do not change the queue before it is walked through. */
  *inPhase(phase: 'waiting' | 'making'): Generator<Item> {
    for (const id of this.#ofPhase[phase]) {
      const item = this.#items.get(id);
      if (item !== undefined) yield item;
    }
  }

  async load(): Promise<void> {
    const { batches, items } = await this.#store.load();
    for (const batch of batches) this.#batches.set(batch.batchId, batch);
    for (const item of items) this.#admit({ ...item, sentBytes: 0 });
    this.#changedLists();
  }

  /** Keeps all, then forgets it: the disk has it. */
  async unload(): Promise<void> {
    await this.#keepNow();
    for (const item of this.#items.values()) this.#tally.remove(item);
    const { waiting, making } = this.#ofPhase;
    for (const known of [this.#items, this.#batches, this.#byLikeness, waiting, making]) known.clear();
    this.#changedLists();
  }

  async addBatch(terms: Terms): Promise<Batch> {
    const batch = await this.#store.addBatch(terms);
    this.#batches.set(batch.batchId, batch);
    return batch;
  }

  /** `before` is told of each before it may be sent. */
  async addItems(items: readonly NewItem[], before: (item: Item, index: number) => void): Promise<void> {
    const ids = await this.#store.addItems(items);
    for (const [index, item] of items.entries()) {
      const id = ids[index];
      if (id === undefined) throw new Error('the store gave too few ids');
      const added = { ...item, id, sentBytes: 0 };
      before(added, index);
      this.#admit(added);
    }
    this.#changedLists();
  }

  async remove(items: readonly Item[]): Promise<void> {
    for (const item of items) this.#dismiss(item);
    this.#changedLists();
    await this.#store.deleteItems(items.map(({ id }) => id));
  }

  /** The item that is this file. */
  findLike(file: FoundFile): Item | undefined {
    const ids = this.#byLikeness.get(likenessOf(file)) ?? [];
    return ids.flatMap((id) => this.#items.get(id) ?? []).find(({ path }) => isSamePlace(path, file.path));
  }

  move(item: Item, phase: Phase): void {
    if (!this.#items.has(item.id) || item.phase === phase) return;
    this.#tally.remove(item);
    item.phase = phase;
    item.sentBytes = 0;
    this.#tally.add(item);
    this.#enlist(item);
    // What these stand for is on the disk already.
    if (phase !== 'sending' && phase !== 'missing') this.keep(item);
    this.#lists.delete('going');
    this.#lists.delete('refused');
    this.#tell();
  }

  /** Behind all others of its phase. */
  moveBack({ id }: Item, phase: 'waiting' | 'making'): void {
    if (this.#ofPhase[phase].delete(id)) this.#ofPhase[phase].add(id);
  }

  /** So many bytes of the item have left; returns how many more than before. */
  sent(item: Item, sentBytes: number): number {
    if (!this.#items.has(item.id)) return 0;
    const bytes = Math.max(0, sentBytes - item.sentBytes);
    this.#tally.remove(item);
    item.sentBytes = Math.min(sentBytes, item.sizeBytes);
    this.#tally.add(item);
    this.#tally.sent(bytes, performance.now());
    this.#tell();
    return bytes;
  }

  /** Nothing is sent for now. */
  rest(): void {
    this.#tally.rest();
    this.#tell();
  }

  /** The file was changed since it was listed. */
  noteFacts(item: Item, { size, lastModified }: File): void {
    if (item.sizeBytes === size && item.modifiedAt === lastModified) return;
    this.#forgetLikeness(item);
    this.#tally.remove(item);
    item.sizeBytes = size;
    item.modifiedAt = lastModified;
    this.#tally.add(item);
    this.#rememberLikeness(item);
    this.keep(item);
  }

  /** Facts of the item changed. */
  keep(item: Item): void {
    this.#changed.add(item.id);
    this.#keepTimer ??= setTimeout(() => void this.#keepNow(), keepAfterMs);
    this.#tell();
  }

  async #keepNow(): Promise<void> {
    clearTimeout(this.#keepTimer);
    this.#keepTimer = undefined;
    const items = [...this.#changed].flatMap((id) => this.#items.get(id) ?? []).map(storedOf);
    this.#changed.clear();
    // What is not kept is asked of the server when the page comes back.
    this.#keeping = this.#keeping.then(() => this.#store.putItems(items)).catch(() => {});
    await this.#keeping;
  }

  #tell(): void {
    this.#tellTimer ??= setTimeout(() => {
      this.#tellTimer = undefined;
      this.#version += 1;
      for (const listener of this.#listeners) listener();
    }, tellAfterMs);
  }

  #changedLists(): void {
    this.#lists.clear();
    this.#tell();
  }

  #admit(item: Item): void {
    this.#items.set(item.id, item);
    this.#tally.add(item);
    this.#enlist(item);
    this.#rememberLikeness(item);
  }

  #dismiss(item: Item): void {
    this.#items.delete(item.id);
    this.#tally.remove(item);
    this.#ofPhase.waiting.delete(item.id);
    this.#ofPhase.making.delete(item.id);
    this.#changed.delete(item.id);
    this.#forgetLikeness(item);
  }

  #enlist({ id, phase }: Item): void {
    for (const each of ['waiting', 'making'] as const) {
      if (phase === each) this.#ofPhase[each].add(id);
      else this.#ofPhase[each].delete(id);
    }
  }

  #rememberLikeness(item: Item): void {
    const likeness = likenessOf(item);
    const ids = this.#byLikeness.get(likeness);
    if (ids === undefined) this.#byLikeness.set(likeness, [item.id]);
    else ids.push(item.id);
  }

  #forgetLikeness(item: Item): void {
    const likeness = likenessOf(item);
    const others = this.#byLikeness.get(likeness)?.filter((id) => id !== item.id) ?? [];
    if (others.length === 0) this.#byLikeness.delete(likeness);
    else this.#byLikeness.set(likeness, others);
  }
}

function isIn(filter: Filter, phase: Phase): boolean {
  return filter === 'refused' ? phase === 'refused' || phase === 'failed' : !isSettled(phase);
}

/** What a creator chooses before files are sent; it holds for all of them. */
export interface Terms {
  readonly eventId: string | null;
  readonly priceIdr: number;
  readonly sale: 'shared' | 'exclusive';
}

export interface Batch extends Terms {
  readonly batchId: number;
}

/**
 * Where a file stands. `waiting`: bytes are to come. `missing`: so are they, and the person has to show the file again. `making`: the server has
 * all bytes and makes the images. The others are ends.
 */
export const phases = ['waiting', 'missing', 'sending', 'making', 'onSale', 'duplicate', 'refused', 'failed'] as const;
export type Phase = (typeof phases)[number];

export interface Why {
  readonly code: string;
  /** For the person, in their language. */
  readonly detail: string;
}

/** One file on its way. It is changed in place: tens of thousands of them are kept, and a change must cost nothing. */
export interface Item {
  readonly id: number;
  readonly batchId: number;
  /** With the folders above it, as far as the browser tells them. */
  readonly path: string;
  /** The folder through which it is opened; null where the browser gave the file alone. */
  rootId: number | null;
  sizeBytes: number;
  modifiedAt: number;
  /** Chosen here, so that a request whose answer was lost can be sent again and begins nothing twice. */
  uploadId: string;
  /** Known once the file was read; from then on the server may know of the upload. */
  sha256: string | null;
  phase: Phase;
  photoId: string | null;
  /** Why it was refused or failed; what was left as it is of a duplicate. */
  why: Why | null;
  /** Of the file, while it is sent. */
  sentBytes: number;
}

/** What is kept of an item on the disk. */
export type StoredItem = Omit<Item, 'sentBytes'>;
export type NewItem = Omit<StoredItem, 'id'>;

export interface FoundFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAt: number;
  readonly rootId: number | null;
  /** Where there is no folder through which it can be opened. */
  readonly file: File | null;
}

/** Where the queue lies while the page is away. One tab writes at a time. */
export interface QueueStore {
  load(): Promise<{ readonly batches: readonly Batch[]; readonly items: readonly StoredItem[] }>;
  addBatch(terms: Terms): Promise<Batch>;
  /** The ids, in order. */
  addItems(items: readonly NewItem[]): Promise<readonly number[]>;
  putItems(items: readonly StoredItem[]): Promise<void>;
  deleteItems(ids: readonly number[]): Promise<void>;
}

export function isSettled(phase: Phase): boolean {
  return phase === 'onSale' || phase === 'duplicate' || phase === 'refused' || phase === 'failed';
}

export function storedOf({ sentBytes: _, ...item }: Item): StoredItem {
  const isUnderWay = item.phase === 'sending' || item.phase === 'missing';
  return isUnderWay ? { ...item, phase: 'waiting' } : item;
}

/** The same file has the same name, size and time of change, wherever it is dropped from. */
export function likenessOf(file: Pick<FoundFile, 'path' | 'sizeBytes' | 'modifiedAt'>): string {
  return `${nameOf(file.path)}\n${file.sizeBytes}\n${file.modifiedAt}`;
}

/** A file that was dropped in its folder is the one that is chosen alone. */
export function isSamePlace(one: string, other: string): boolean {
  return one === other || one.endsWith(`/${other}`) || other.endsWith(`/${one}`);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

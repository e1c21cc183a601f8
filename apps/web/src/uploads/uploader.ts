import type { FileHashes } from './hash-file.ts';
import { type Batch, type FoundFile, type Item, isSettled, type NewItem, type QueueStore, type Why } from './item.ts';
import { Parallel } from './parallel.ts';
import { Queue } from './queue.ts';
import { Rest } from './rest.ts';
import { type Sending, sendFile } from './send-file.ts';
import { NoAnswer } from './transport.ts';
import { Refused, SignedOut, type Told, type Tus } from './tus.ts';

export interface UploaderParts {
  readonly tus: Tus;
  readonly store: QueueStore;
  readonly hash: (file: Blob) => Promise<FileHashes>;
  /** Opens a file through its folder; undefined when the person has to allow that, or when it is gone. */
  readonly openThrough: (rootId: number, path: string) => Promise<File | undefined>;
  readonly isOnline: () => boolean;
  readonly parallelMax: number;
  readonly pauses?: Sending['pauses'];
  readonly pollPauses?: Sending['pauses'];
}

/** `halted`: another tab sends, or nothing was loaded yet. */
export type Mode = 'halted' | 'running' | 'paused' | 'signedOut';

export interface Added {
  readonly added: number;
  /** In the queue already. */
  readonly known: number;
  /** Waited to be shown again, and go on. */
  readonly again: number;
}

const askedAtOnce = 500;
const defaultPauses = { firstMs: 1_000, maxMs: 30_000 };
const defaultPollPauses = { firstMs: 1_000, maxMs: 10_000 };

/**
 * Sends a queue of files, several at once, and asks what became of them. Each file makes one photo, whenever the page dies: the id of an upload is
 * kept before its first byte leaves, and the server knows an upload by it. One tab may run it at a time.
 */
export class Uploader {
  readonly queue: Queue;
  readonly #parts: UploaderParts;
  readonly #inFlight = new Map<number, AbortController>();
  /** Of those that have no folder through which they can be opened. */
  readonly #files = new Map<number, File>();
  readonly #parallel: Parallel;
  readonly #rest: Rest;
  readonly #sending: Sending;
  #mode: Mode = 'halted';
  #poll: AbortController | undefined;

  constructor(parts: UploaderParts) {
    this.#parts = parts;
    this.queue = new Queue(parts.store);
    this.#parallel = new Parallel(parts.parallelMax);
    this.#rest = new Rest(parts.isOnline);
    this.#sending = {
      tus: parts.tus,
      hash: parts.hash,
      rest: (ms, signal) => this.#rest.rest(ms, signal),
      pauses: parts.pauses ?? defaultPauses,
      onChange: (item) => this.queue.keep(item),
      onSent: (item, sentBytes) => {
        const bytes = this.queue.sent(item, sentBytes);
        if (bytes > 0) this.#parallel.sent(bytes, performance.now());
      },
      onTrouble: () => this.#parallel.hadTrouble(),
    };
  }

  get mode(): Mode {
    return this.#mode;
  }

  /** True while files wait that only this page can read. */
  get holdsFiles(): boolean {
    return this.#files.size > 0;
  }

  /** Reads the queue from the disk and goes on with it. */
  async start(): Promise<void> {
    await this.queue.load();
    this.#mode = 'running';
    await this.#askWhatBecame();
    this.#goOn();
  }

  /** Stops at once; the disk keeps the queue. */
  async halt(): Promise<void> {
    this.#stop('halted');
    this.#files.clear();
    await this.queue.unload();
  }

  pause(): void {
    if (this.#mode === 'running') this.#stop('paused');
  }

  resume(): void {
    if (this.#mode === 'halted') return;
    this.#mode = 'running';
    this.wake();
  }

  /** There is reason to try at once: the network may be back. */
  wake(): void {
    this.#rest.wake();
    this.#goOn();
  }

  /** Puts files at the end of the queue. What is in it already is not sent again; what waited for its file goes on. */
  async add({ batchId }: Batch, found: readonly FoundFile[]): Promise<Added> {
    const unknown: FoundFile[] = [];
    let again = 0;
    for (const file of found) {
      const item = this.queue.findLike(file);
      if (item === undefined) unknown.push(file);
      else if (this.#showAgain(item, file)) again += 1;
    }
    await this.queue.addItems(
      unknown.map((file) => newItem(batchId, file)),
      ({ id }, index) => {
        const file = unknown[index]?.file ?? null;
        if (file !== null) this.#files.set(id, file);
      },
    );
    this.#goOn();
    return { added: unknown.length, known: found.length - unknown.length - again, again };
  }

  /** A folder may be read again. */
  reopen(rootId: number): void {
    for (const item of this.queue.list('going')) {
      if (item.phase === 'missing' && item.rootId === rootId) this.queue.move(item, 'waiting');
    }
    this.#goOn();
  }

  /** Tries refused and failed files once more. */
  async retry(items: readonly Item[]): Promise<void> {
    for (const item of items) {
      if (item.phase === 'refused') {
        // The server knows the end of the old one.
        item.uploadId = crypto.randomUUID();
        item.sha256 = null;
        item.why = null;
        this.queue.move(item, 'waiting');
      } else if (item.phase === 'failed' && item.photoId !== null) {
        await this.#retryPhoto(item, item.photoId);
      }
    }
    this.#goOn();
  }

  /** Takes items off the list. One that is under way is cancelled; one whose bytes all came stays until it has ended. */
  async remove(items: readonly Item[]): Promise<void> {
    const going = items.filter(({ phase }) => phase !== 'making');
    for (const item of going) {
      this.#inFlight.get(item.id)?.abort();
      this.#files.delete(item.id);
      // Where this fails, the server lets the upload expire.
      if (item.sha256 !== null && !isSettled(item.phase)) {
        void this.#parts.tus.cancel(item.uploadId, new AbortController().signal).catch(() => {});
      }
    }
    await this.queue.remove(going);
    this.#goOn();
  }

  /** True when the item goes on by it. */
  #showAgain(item: Item, { rootId, file }: FoundFile): boolean {
    const isUnread = item.phase === 'waiting' && item.rootId === null && !this.#files.has(item.id);
    if (item.phase !== 'missing' && item.phase !== 'refused' && !isUnread) return false;
    if (rootId !== null) item.rootId = rootId;
    if (file !== null) this.#files.set(item.id, file);
    this.queue.keep(item);
    if (item.phase === 'refused') void this.retry([item]);
    else this.queue.move(item, 'waiting');
    return true;
  }

  #stop(mode: Mode): void {
    this.#mode = mode;
    for (const abort of this.#inFlight.values()) abort.abort();
    this.#poll?.abort();
    this.#poll = undefined;
    this.queue.rest();
  }

  #goOn(): void {
    if (this.#mode !== 'running') return;
    const room = this.#parallel.limit - this.#inFlight.size;
    for (const item of room > 0 ? take(this.queue.inPhase('waiting'), room) : []) void this.#send(item);
    if (this.#inFlight.size === 0) this.queue.rest();
    if (this.#poll === undefined && take(this.queue.inPhase('making'), 1).length > 0) void this.#pollMaking();
  }

  async #send(item: Item): Promise<void> {
    // An item that was stopped a moment ago is still about to end.
    if (this.#inFlight.has(item.id)) {
      this.queue.moveBack(item, 'waiting');
      return;
    }
    const abort = new AbortController();
    const { signal } = abort;
    this.#inFlight.set(item.id, abort);
    this.queue.move(item, 'sending');
    try {
      const terms = this.queue.termsOf(item);
      const file = await this.#open(item);
      signal.throwIfAborted();
      if (file === undefined || terms === undefined) {
        this.queue.move(item, 'missing');
      } else {
        this.queue.noteFacts(item, file);
        this.#settle(item, await sendFile(this.#sending, { item, terms, file, signal }));
      }
    } catch (error) {
      this.#fail(item, error, signal);
    } finally {
      this.#inFlight.delete(item.id);
      this.#goOn();
    }
  }

  async #open({ id, rootId, path }: Item): Promise<File | undefined> {
    return this.#files.get(id) ?? (rootId === null ? undefined : this.#parts.openThrough(rootId, path));
  }

  #fail(item: Item, error: unknown, signal: AbortSignal): void {
    if (error instanceof SignedOut) this.#stop('signedOut');
    if (signal.aborted) {
      this.queue.move(item, 'waiting');
    } else if (error instanceof Refused) {
      item.why = whyOf(error);
      this.queue.move(item, 'refused');
    } else {
      // The file was moved, changed or closed while it was read.
      this.#files.delete(item.id);
      this.queue.move(item, 'missing');
    }
  }

  #settle(item: Item, told: Told): void {
    const { state, photoId, photo, problem } = told;
    item.photoId = photoId ?? item.photoId;
    item.why = problem === undefined ? null : whyOf(problem);
    if (state === 'duplicate' && photo !== undefined) item.why = { code: 'DUPLICATE', detail: photo.message };
    if (state === 'gone') item.why = { code: 'UPLOAD_GONE', detail: '' };
    // Refused files are kept at hand for another try.
    if (state !== 'refused') this.#files.delete(item.id);
    this.queue.move(item, phaseOf[state]);
  }

  /** The page was away: of uploads that were begun the server may know the end. */
  async #askWhatBecame(): Promise<void> {
    const begun = [...this.queue.inPhase('waiting')].filter(({ sha256 }) => sha256 !== null);
    try {
      for (let at = 0; at < begun.length; at += askedAtOnce) {
        await this.#ask(begun.slice(at, at + askedAtOnce), new AbortController().signal, (item, told) => {
          if (told.state !== 'receiving' && told.state !== 'gone') this.#settle(item, told);
        });
      }
    } catch (error) {
      // Else each is asked for when it is sent.
      if (error instanceof SignedOut) this.#stop('signedOut');
    }
  }

  async #ask(items: readonly Item[], signal: AbortSignal, take: (item: Item, told: Told) => void): Promise<void> {
    const byUpload = new Map(items.map((item) => [item.uploadId, item]));
    for (const told of await this.#parts.tus.status([...byUpload.keys()], signal)) {
      const item = byUpload.get(told.uploadId);
      if (item !== undefined && this.queue.has(item)) take(item, told);
    }
  }

  async #pollMaking(): Promise<void> {
    const abort = new AbortController();
    const { signal } = abort;
    this.#poll = abort;
    const { firstMs, maxMs } = this.#parts.pollPauses ?? defaultPollPauses;
    let pauseMs = firstMs;
    try {
      for (;;) {
        await this.#rest.rest(pauseMs, signal);
        const making = take(this.queue.inPhase('making'), askedAtOnce);
        if (making.length === 0) break;
        pauseMs = (await this.#askMaking(making, signal)) ? firstMs : Math.min(maxMs, pauseMs * 2);
      }
      this.#poll = undefined;
    } catch (error) {
      if (signal.aborted) return;
      this.#poll = undefined;
      if (error instanceof SignedOut) this.#stop('signedOut');
      else throw error;
    }
  }

  /** True when one has ended. */
  async #askMaking(making: readonly Item[], signal: AbortSignal): Promise<boolean> {
    let hasEnded = false;
    try {
      await this.#ask(making, signal, (item, told) => {
        // Those behind it are asked for next.
        if (told.state === 'accepted' || told.state === 'receiving') {
          this.queue.moveBack(item, 'making');
        } else {
          this.#settle(item, told);
          hasEnded = true;
        }
      });
    } catch (error) {
      if (!(error instanceof NoAnswer) && !(error instanceof Refused)) throw error;
    }
    return hasEnded;
  }

  async #retryPhoto(item: Item, photoId: string): Promise<void> {
    try {
      await this.#parts.tus.retryPhoto(photoId, new AbortController().signal);
      item.why = null;
      this.queue.move(item, 'making');
    } catch (error) {
      if (error instanceof SignedOut) this.#stop('signedOut');
      if (!(error instanceof Refused)) return;
      item.why = whyOf(error);
      this.queue.keep(item);
    }
  }
}

const phaseOf = {
  receiving: 'waiting',
  accepted: 'making',
  processed: 'onSale',
  failed: 'failed',
  duplicate: 'duplicate',
  refused: 'refused',
  gone: 'refused',
} as const;

function whyOf({ code, detail }: Why): Why {
  return { code, detail };
}

function newItem(batchId: number, { path, rootId, sizeBytes, modifiedAt }: FoundFile): NewItem {
  const uploadId = crypto.randomUUID();
  return {
    batchId,
    path,
    rootId,
    sizeBytes,
    modifiedAt,
    uploadId,
    sha256: null,
    phase: 'waiting',
    photoId: null,
    why: null,
  };
}

function take<T>(from: Iterable<T>, most: number): T[] {
  const taken: T[] = [];
  for (const each of from) {
    if (taken.push(each) >= most) break;
  }
  return taken;
}

import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { MetadataReply, MetadataRequest } from './metadata-worker.ts';
import type { Tags } from './read-tags.ts';

/** What the notes of a camera take is a hundredth of it. */
const memoryMax = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };
const defaultTimeoutMs = 10_000;

/**
 * Reads the metadata of files in a worker thread of its own, one after another. A file on which the thread runs out of memory or time
 * costs the thread, and answers with what was read before; the next file gets a new one.
 */
export class MetadataReader {
  readonly #timeoutMs: number;
  readonly #onLost: (() => void) | undefined;
  #worker: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #nextId = 1;

  /** `onLost` is told of each file that cost a thread. */
  constructor(options: { timeoutMs?: number; onLost?: () => void } = {}) {
    this.#timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
    this.#onLost = options.onLost;
  }

  /** The texts of a file that say when and with what it was taken. Throws when this machine cannot read the file. */
  async read(file: string): Promise<Tags> {
    const turn = this.#last.then(() => this.#readNow(file));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  async #readNow(file: string): Promise<Tags> {
    const worker = this.#worker ?? start();
    this.#worker = worker;
    const id = this.#nextId++;
    const over = new AbortController();
    let tags: Tags = {};
    let fault: unknown;
    const isAnswered = new Promise<boolean>((resolve) => {
      worker.on('error', (error) => {
        fault = error;
      });
      worker.on('message', (reply: MetadataReply) => {
        if (reply.id !== id) return;
        tags = reply.tags;
        if (reply.isLast) resolve(true);
      });
      worker.once('exit', () => resolve(false));
      wait(this.#timeoutMs, false, { signal: over.signal, ref: false }).then(resolve, () => undefined);
    });
    const request: MetadataRequest = { id, file };
    worker.postMessage(request);
    const isWell = await isAnswered;
    over.abort();
    worker.removeAllListeners('message');
    worker.removeAllListeners('exit');
    worker.removeAllListeners('error');
    worker.on('error', () => undefined);
    if (!isWell) {
      this.#worker = undefined;
      await worker.terminate();
      // The thread that ran out of memory is the file's doing.
      if (fault instanceof Error && 'errno' in fault) throw fault;
      this.#onLost?.();
    }
    return tags;
  }
}

/** Lets the process end while it waits. Its error is that it ended, which is what counts here. */
function start(): Worker {
  const worker = new Worker(new URL('./metadata-worker.ts', import.meta.url), {
    resourceLimits: memoryMax,
    stdout: true,
    stderr: true,
  });
  // What the library says of odd files tells an operator nothing.
  worker.stdout.resume();
  worker.stderr.resume();
  worker.on('error', () => undefined);
  worker.unref();
  return worker;
}

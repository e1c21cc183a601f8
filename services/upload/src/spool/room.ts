import { statfs } from 'node:fs/promises';
import { refuse } from '@kilas/messages/refuse.ts';

/** Other processes write to the same disk: a file that is being received looks so often, in bytes. */
const lookEveryBytes = 8 * 1024 * 1024;
/** So much of what one may still write is kept free for it, in received bytes: nearly all photos whole, and not all that a slow one claims. */
const aheadMaxBytes = 16 * 1024 * 1024;
/** When an upload that found no room may come again. */
const retryAfterSeconds = '60';

export interface RoomOptions {
  /** Where received bytes end up on disks of this machine. */
  readonly folders: readonly string[];
  /** What stays free on each of these disks, for the work on what was accepted and for whoever else lives there. */
  readonly freeMinBytes: number;
  /** How often a received byte is written. */
  readonly copies: number;
  readonly onRefused?: (error: Error) => void;
}

/** Room that one upload may fill. */
export interface HeldRoom {
  /** To be called with what was written; refuses with DISK_FULL once the disk has less than its floor. */
  took(bytes: number): Promise<void>;
}

/**
 * Gives the room on the disks away before bytes are received. What running uploads may write next counts as written, so
 * that together they do not pass the floor, whatever each of them saw free when it began.
 */
export class Room {
  readonly #options: RoomOptions;
  #promisedBytes = 0;
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  get freeMinBytes(): number {
    return this.#options.freeMinBytes;
  }

  /** What is kept free for what running uploads write next. */
  get promisedBytes(): number {
    return this.#promisedBytes;
  }

  /** Whether an upload of a single byte would find room; false where that cannot be known. */
  async isThere(): Promise<boolean> {
    const free = await this.#freeBytes().catch(() => 0);
    return free > this.#options.freeMinBytes;
  }

  /** Runs while there is room for so many received bytes; refuses with DISK_FULL when there is not. */
  async hold<T>(sizeBytes: number, run: (room: HeldRoom) => Promise<T>): Promise<T> {
    let left = sizeBytes * this.#options.copies;
    let promised = 0;
    const promise = async (): Promise<void> => {
      const more = Math.min(left, aheadMaxBytes * this.#options.copies) - promised;
      await this.#inTurn(() => this.#promise(more, left - promised));
      promised += more;
    };
    await promise();
    let unlooked = 0;
    const took = async (bytes: number): Promise<void> => {
      left = Math.max(0, left - bytes);
      const fewer = Math.min(promised, bytes);
      promised -= fewer;
      this.#promisedBytes -= fewer;
      unlooked += bytes;
      if (unlooked < lookEveryBytes) return;
      unlooked = 0;
      await promise();
    };
    try {
      return await run({ took });
    } finally {
      this.#promisedBytes -= promised;
    }
  }

  /** Of two that look at the same time each would take the same room. */
  #inTurn(look: () => Promise<void>): Promise<void> {
    const turn = this.#lastTurn.then(look);
    this.#lastTurn = turn.catch(() => {});
    return turn;
  }

  /** Keeps so many bytes free, where there is room for all that is wanted. */
  async #promise(bytes: number, wantedBytes: number): Promise<void> {
    // As it was before looking: what is written meanwhile may still be in the answer as free.
    const promised = this.#promisedBytes;
    const free = await this.#freeBytes();
    if (free - promised - wantedBytes < this.#options.freeMinBytes) this.#refuse(free);
    this.#promisedBytes += bytes;
  }

  #refuse(freeBytes: number): never {
    const { freeMinBytes, onRefused } = this.#options;
    const figures = `${freeBytes} bytes are free, ${this.#promisedBytes} of them promised, ${freeMinBytes} are to stay free`;
    onRefused?.(new Error(figures));
    return refuse('DISK_FULL', { retryAfterSeconds });
  }

  /** On the disk that has least. */
  async #freeBytes(): Promise<number> {
    const disks = await Promise.all(this.#options.folders.map((folder) => statfs(folder)));
    return Math.min(...disks.map(({ bavail, bsize }) => bavail * bsize));
  }
}

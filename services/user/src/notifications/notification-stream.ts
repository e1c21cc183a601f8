import { Readable } from 'node:stream';
import { eventText, heartbeatText, retryText } from '@kilas/platform/http/event-stream.ts';
import type { Locale } from '@kilas/platform/problems/problem.ts';
import type { Notification } from './notification-store.ts';
import { viewOf } from './notification-view.ts';

/** Rows read at a time; fewer mean that nothing more is there. */
export const streamPageMax = 100;

/** Of a slow client so much is kept, and a page of rows besides. */
const heldBytes = 16 * 1024;

export interface Listener {
  readonly accountId: string;
  readonly sessionId: string;
  /** Of the access token it was opened with. */
  readonly expiresAt: Date;
  /** In whose language notifications are told. */
  readonly locale: Locale;
  /** Hears what became visible after this. */
  readonly position: bigint;
}

/**
 * What one client hears, as text/event-stream: rows are read when the client takes them, so a slow one holds a page of
 * them and no more.
 */
export class NotificationStream extends Readable {
  readonly listener: Listener;
  readonly #list: (position: bigint) => Promise<Notification[]>;
  #position: bigint;
  #isWanted = false;
  #isStale = true;
  #isLooking = false;
  #isOver = false;

  constructor(
    listener: Listener,
    options: { readonly list: (position: bigint) => Promise<Notification[]>; readonly retryMs: number },
  ) {
    super({ encoding: 'utf8', highWaterMark: heldBytes });
    this.listener = listener;
    this.#list = options.list;
    this.#position = listener.position;
    this.push(retryText(options.retryMs));
  }

  /** There is more to read, if this is newer than what the client has. */
  wake(position?: bigint): void {
    if (position !== undefined && position <= this.#position) return;
    this.#isStale = true;
    void this.#look();
  }

  /** A client that has not taken what was sent since the last heartbeat is gone. */
  beat(): void {
    if (this.#isOver) return;
    if (this.readableLength > 0) this.destroy();
    else this.push(heartbeatText);
  }

  /** Ends it; what a slow client has not taken is not sent any more. */
  finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.readableLength > 0) this.destroy();
    else this.push(null);
  }

  override _read(): void {
    this.#isWanted = true;
    void this.#look();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#isOver = true;
    done(error);
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      while (this.#isStale && this.#isWanted && !this.#isOver) {
        this.#isStale = false;
        this.#send(await this.#list(this.#position));
      }
    } catch {
      // The client connects again and is told what is wrong.
      this.finish();
    } finally {
      this.#isLooking = false;
    }
  }

  #send(rows: readonly Notification[]): void {
    if (rows.length === streamPageMax) this.#isStale = true;
    for (const row of rows) {
      if (this.#isOver) return;
      this.#position = row.position;
      const data = viewOf(row, this.listener.locale);
      if (data !== undefined) this.#isWanted = this.push(eventText({ id: row.id, event: 'notification', data }));
    }
  }
}

import { randomInt } from 'node:crypto';
import { sessionsEndedTopic } from '@kilas/identity/auth.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import type { UserContext } from '../context.ts';
import { listLivingSessionIds } from '../sessions/session-store.ts';
import { listNewestPositions, listNotificationsAfter } from './notification-store.ts';
import { type Listener, NotificationStream, streamPageMax } from './notification-stream.ts';
import { onNotified } from './tell-notified.ts';

/** Of one account at this process; a browser's tabs are few. */
export const streamsPerAccountMax = 10;
const busySeconds = 30;
const retryMinMs = 2_000;
const retryMaxMs = 5_000;

export interface StreamTimes {
  /** How often sessions and newest rows are looked at, whatever was or was not told: a message may be lost. */
  readonly lookEveryMs: number;
  readonly beatEveryMs: number;
}

type StreamContext = Pick<UserContext, 'db' | 'shared' | 'clock'>;

const usualTimes: StreamTimes = { lookEveryMs: 3_000, beatEveryMs: 15_000 };

/** The streams that this process serves. */
export class NotificationStreams {
  readonly #ctx: StreamContext;
  /** At this process. */
  readonly #streamsMax: number;
  readonly #byAccount = new Map<string, Set<NotificationStream>>();
  readonly #endings: (() => void)[];
  #isLooking = false;
  #isClosed = false;

  constructor(
    ctx: StreamContext,
    { streamsMax = 5_000, ...times }: Partial<StreamTimes & { streamsMax: number }> = {},
  ) {
    const { lookEveryMs, beatEveryMs } = { ...usualTimes, ...times };
    this.#ctx = ctx;
    this.#streamsMax = streamsMax;
    const looking = setInterval(() => void this.#look(this.#all()), lookEveryMs);
    const beating = setInterval(() => this.#beat(), beatEveryMs);
    this.#endings = [
      () => clearInterval(looking),
      () => clearInterval(beating),
      onNotified(ctx, (accountIds) => this.#wake(accountIds)),
      ctx.shared.subscribe(sessionsEndedTopic, (id) => void this.#judge(this.#of(id))),
    ];
  }

  /** Refuses with TOO_MANY_REQUESTS above the limits, and with SERVICE_UNAVAILABLE after the close. */
  open(listener: Listener): NotificationStream {
    if (this.#isClosed) refuse('SERVICE_UNAVAILABLE');
    const { accountId } = listener;
    const own = this.#byAccount.get(accountId) ?? new Set();
    if (own.size >= streamsPerAccountMax || (this.#all().length >= this.#streamsMax && !this.#makeRoom(own.size))) {
      refuse('TOO_MANY_REQUESTS', { retryAfterSeconds: String(busySeconds) });
    }
    const stream = new NotificationStream(listener, {
      list: (position) => listNotificationsAfter(this.#ctx.db, accountId, { position, limit: streamPageMax }),
      // All that were cut off together do not come back together.
      retryMs: randomInt(retryMinMs, retryMaxMs),
    });
    this.#byAccount.set(accountId, own.add(stream));
    stream.once('close', () => {
      own.delete(stream);
      if (own.size === 0) this.#byAccount.delete(accountId);
    });
    return stream;
  }

  close(): void {
    this.#isClosed = true;
    for (const end of this.#endings) end();
    for (const stream of this.#all()) stream.finish();
  }

  /** Ends the oldest stream of the account that has most, if those are two more than the newcomer's; it comes again. */
  #makeRoom(ownCount: number): boolean {
    const [most] = [...this.#byAccount.values()].sort((a, b) => b.size - a.size);
    const [oldest] = most ?? [];
    if (oldest === undefined || most === undefined || most.size <= ownCount + 1) return false;
    oldest.finish();
    most.delete(oldest);
    return true;
  }

  #all(): NotificationStream[] {
    return [...this.#byAccount.values()].flatMap((streams) => [...streams]);
  }

  #of(sessionOrAccountId: string): NotificationStream[] {
    return this.#all().filter(
      ({ listener }) => listener.sessionId === sessionOrAccountId || listener.accountId === sessionOrAccountId,
    );
  }

  #beat(): void {
    for (const stream of this.#all()) stream.beat();
  }

  #wake(accountIds: readonly string[]): void {
    for (const accountId of accountIds) {
      for (const stream of this.#byAccount.get(accountId) ?? []) stream.wake();
    }
  }

  async #look(streams: readonly NotificationStream[]): Promise<void> {
    if (this.#isLooking || streams.length === 0) return;
    this.#isLooking = true;
    try {
      await this.#judge(streams);
      const newest = await listNewestPositions(this.#ctx.db, [...this.#byAccount.keys()]);
      for (const { accountId, position } of newest) {
        for (const stream of this.#byAccount.get(accountId) ?? []) stream.wake(position);
      }
    } catch {
      // Whoever cannot be told anything is let go: the next request says why.
      for (const stream of streams) stream.finish();
    } finally {
      this.#isLooking = false;
    }
  }

  /** Ends those whose session has ended, or whose token has. */
  async #judge(streams: readonly NotificationStream[]): Promise<void> {
    if (streams.length === 0) return;
    const now = this.#ctx.clock.now();
    const sessionIds = [...new Set(streams.map(({ listener }) => listener.sessionId))];
    const living = new Set(await listLivingSessionIds(this.#ctx.db, sessionIds, now).catch(() => []));
    for (const stream of streams) {
      const { sessionId, expiresAt } = stream.listener;
      if (expiresAt <= now || !living.has(sessionId)) stream.finish();
    }
  }
}

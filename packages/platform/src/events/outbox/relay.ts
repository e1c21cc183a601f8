import { setTimeout as delay } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import type { Kysely } from 'kysely';
import type { AnySchema } from '../../db/database.ts';
import { DatabaseAway } from '../../db/database-away.ts';
import { systemClock } from '../../process/clock.ts';
import { isRound } from '../../process/is-round.ts';
import type { Log } from '../../process/log.ts';
import { withRequestContext } from '../../process/request-context.ts';
import { logTrouble } from '../../process/trouble-log.ts';
import { errorTypeOf } from '../../telemetry/error-type.ts';
import { observeEvents } from '../../telemetry/observe-events.ts';
import type { OnDelivered } from '../events.ts';
import { takeBatch } from './batch.ts';
import { hasOldQueue, hasOldTable, moveOldQueue } from './old-queue.ts';
import {
  deleteEmptyHolds,
  deleteTaken,
  extendTurn,
  type Failed,
  giveTurnBack,
  listDue,
  look,
  takeTurn,
  upsertHolds,
  type Waiting,
  type WaitingEvent,
} from './outbox-store.ts';
import { Pace } from './pace.ts';
import type { Push, Told } from './push.ts';
import { Rest } from './rest.ts';

const turnSeconds = 15;
const extendEveryMs = 4_000;
/** How often a former version's queue is looked at while nothing else is there to tell. */
const lookElsewhereMs = 10_000;
/** A call that runs longer than this when the relay stops is given up; its events come again. */
const holdMaxMs = 10_000;
const troubleRestMs = 1_000;
/** Held keys cost the more the more there are; they are looked through no larger a part of the time than one in so many. */
const restPerRead = 5;

export interface RelayOptions {
  readonly db: Kysely<AnySchema>;
  readonly log: Log;
  readonly service: string;
  readonly subscriber: string;
  /** This process. */
  readonly holder: string;
  readonly push: Push;
  readonly onDelivered: OnDelivered | undefined;
}

/**
 * Tells one subscriber the events that wait for it, as long as it has the turn for that among all replicas. Two relays that both believe they have
 * the turn do no harm: for each key either tells the first event first, and the subscriber acts on each once.
 */
export class Relay {
  readonly #options: RelayOptions;
  readonly #pace = new Pace();
  readonly #rest = new Rest();
  readonly #onTrouble: (error: Error) => void;
  readonly #turn: { subscriber: string; holder: string; seconds: number };
  #running: Promise<void> | undefined;
  #stopping = new AbortController();
  #giveUp = new AbortController();
  #lookedElsewhereAt = Number.NEGATIVE_INFINITY;
  #hasOldTable = false;
  #isTurnOver = false;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#turn = { subscriber: options.subscriber, holder: options.holder, seconds: turnSeconds };
    this.#onTrouble = logTrouble(options.log, systemClock, `events for ${options.subscriber} cannot be read`);
  }

  work(): void {
    if (this.#running !== undefined) return;
    this.#stopping = new AbortController();
    this.#giveUp = new AbortController();
    this.#running = this.#run();
  }

  /** Something was published. */
  wake(): void {
    this.#rest.cutShort();
  }

  /** Begins no further call, and waits for the one that runs. */
  async hold(): Promise<void> {
    this.#stopping.abort();
    this.#rest.end();
    const impatient = setTimeout(() => this.#giveUp.abort(new Error('the relay stops')), holdMaxMs);
    await this.#running;
    clearTimeout(impatient);
    this.#running = undefined;
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const restMs = await this.#pass().catch((error: unknown) => {
        this.#onTrouble(error instanceof Error ? error : new Error(String(error)));
        return troubleRestMs;
      });
      if (!this.#stopping.signal.aborted) await this.#rest.take(restMs);
    }
  }

  /** Tells what there is; answers how long to rest then, in milliseconds. */
  async #pass(): Promise<number | undefined> {
    const { db } = this.#options;
    if (!(await takeTurn(db, this.#turn, await this.#isElsewhere()))) return undefined;
    this.#rest.calm();
    this.#isTurnOver = false;
    const mine = new AbortController();
    const keeper = setInterval(() => {
      extendTurn(db, this.#turn).then(
        (isMine) => isMine || mine.abort(),
        () => {},
      );
    }, extendEveryMs);
    try {
      return await this.#tellAll(AbortSignal.any([mine.signal, this.#stopping.signal]));
    } finally {
      clearInterval(keeper);
      if (!this.#isTurnOver) await giveTurnBack(db, this.#turn).catch(() => {});
    }
  }

  async #isElsewhere(): Promise<boolean> {
    if (performance.now() - this.#lookedElsewhereAt < lookElsewhereMs) return false;
    this.#lookedElsewhereAt = performance.now();
    this.#hasOldTable ||= await hasOldTable(this.#options.db);
    return this.#hasOldTable && hasOldQueue(this.#options.db, this.#options.subscriber);
  }

  async #tellAll(end: AbortSignal): Promise<number | undefined> {
    while (!end.aborted) {
      const startedAt = performance.now();
      const { page, isPart, isDue } = await this.#look();
      const readMs = performance.now() - startedAt;
      const retried = isDue ? await this.#tellDue(end) : 0;
      const told = await this.#tellPage(page, { end, isLast: !isPart && !isDue });
      if (page.length === 0 && retried === 0) return readMs * restPerRead;
      if (told + retried === 0) return troubleRestMs;
      if (this.#isTurnOver) return 0;
    }
    return 0;
  }

  /** What lies elsewhere is moved first, since it was published before. */
  async #look(): Promise<Waiting> {
    const { db, subscriber } = this.#options;
    const waiting = await look(db, subscriber, this.#hasOldTable);
    if (!waiting.isElsewhere || (await moveOldQueue(db, subscriber)) === 0) return waiting;
    return look(db, subscriber, this.#hasOldTable);
  }

  /**
   * Answers how many events were taken. What became of a call is written down while the next one runs. With `isLast` the turn is over with
   * the page, when all of it was taken.
   */
  async #tellPage(
    page: readonly WaitingEvent[],
    { end, isLast = false }: { end: AbortSignal; isLast?: boolean },
  ): Promise<number> {
    /** Keys of which something was not taken: what is behind it must wait. */
    const stopped = new Set<string>();
    let takenCount = 0;
    let settling = Promise.resolve(0);
    for (let at = 0; at < page.length && !end.aborted; ) {
      const { batch, next } = takeBatch(page, at, { size: this.#pace.size, stopped });
      at = next;
      if (batch.length === 0) break;
      const told = await this.#call(batch);
      takenCount += await settling;
      settling = Promise.resolve(0);
      if (told === undefined) break;
      for (const event of batch) if (!isTaken(told.get(event))) stopped.add(event.key);
      settling = this.#settle(batch, told, isLast && at === page.length && stopped.size === 0);
      // It is awaited above or below: until then nobody else may hear of its failure.
      settling.catch(() => {});
    }
    return takenCount + (await settling);
  }

  async #tellDue(end: AbortSignal): Promise<number> {
    const { db, subscriber } = this.#options;
    let takenCount = 0;
    while (!end.aborted) {
      const due = await listDue(db, subscriber, this.#pace.size);
      if (due.length === 0) break;
      const taken = await this.#tellPage(due, { end });
      takenCount += taken;
      if (taken < due.length) break;
    }
    if (takenCount === 0) await deleteEmptyHolds(db, subscriber);
    return takenCount;
  }

  /** What became of each; undefined where nobody knows. */
  async #call(batch: readonly WaitingEvent[]): Promise<ReadonlyMap<WaitingEvent, Told> | undefined> {
    const { service, subscriber, push } = this.#options;
    const startedAt = performance.now();
    const call = () => push(batch, this.#giveUp.signal);
    const requestId = batch[0]?.requestId ?? '';
    const told = await withRequestContext({ requestId, signal: this.#giveUp.signal }, () =>
      observeEvents({ service, kind: `events-to-${subscriber}` }, batch, call),
    ).catch((error: unknown) => this.#onCallFailed(batch, error));
    if (told !== undefined) this.#pace.succeeded(performance.now() - startedAt);
    return told;
  }

  async #onCallFailed(batch: readonly WaitingEvent[], error: unknown): Promise<undefined> {
    if (this.#giveUp.signal.aborted) return undefined;
    const { isLeast } = this.#pace;
    const isOwnFault = isOfEvent(error);
    const isBlamable = batch.length === 1 && (isOwnFault || isLeast);
    // Those that failed before are suspected in any company: of one the subscriber may have died, and must not with each page.
    const blamed = isBlamable ? batch : batch.filter(({ isHeld }) => isHeld);
    if (blamed.length > 0) {
      const cause = errorTypeOf(error);
      for (const event of blamed) this.#report(event, cause, error);
      const failed = blamed.map(({ key }) => ({ key, cause }));
      await upsertHolds(this.#options.db, this.#options.subscriber, failed);
    }
    if (isOwnFault && batch.length === 1) return undefined;
    const restMs = this.#pace.failed();
    this.#onCall(error);
    if (!isOwnFault) await delay(restMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
    return undefined;
  }

  /** Writes down what became of each; answers how many are done. A process that dies before tells them again, and is answered the same. */
  async #settle(
    batch: readonly WaitingEvent[],
    told: ReadonlyMap<WaitingEvent, Told>,
    isLast: boolean,
  ): Promise<number> {
    const { db, subscriber } = this.#options;
    const taken: WaitingEvent[] = [];
    const failed: Failed[] = [];
    for (const event of batch) {
      const outcome = told.get(event);
      if (outcome === undefined) continue;
      const cause = 'failure' in outcome ? outcome.failure : await this.#hear(event, outcome);
      if (cause === undefined) taken.push(event);
      else if (!failed.some(({ key }) => key === event.key)) failed.push({ key: event.key, cause });
      if (cause !== undefined) this.#report(event, cause);
    }
    const isOver = isLast && failed.length === 0;
    if (taken.length > 0) await deleteTaken(db, subscriber, taken, isOver ? this.#turn.holder : undefined);
    if (failed.length > 0) await upsertHolds(db, subscriber, failed);
    this.#isTurnOver = isOver && taken.length > 0;
    return taken.length;
  }

  /** Undefined when all is done. */
  async #hear(event: WaitingEvent, { answer }: Extract<Told, { answer: unknown }>): Promise<string | undefined> {
    const { subscriber, onDelivered } = this.#options;
    const { eventId, key, type, occurredAt } = event;
    try {
      await onDelivered?.(subscriber, { eventId, key, type, occurredAt }, answer);
    } catch (error) {
      this.#options.log.warn({ err: error, subscriber, eventId }, 'what a subscriber answered could not be recorded');
      return errorTypeOf(error);
    }
    // It has deleted and cannot prove it yet.
    return isTaken({ answer }) ? undefined : 'DELETION_NOT_PROVEN';
  }

  #report({ eventId, type, attempts }: WaitingEvent, cause: string, error?: unknown): void {
    const failure = { subscriber: this.#options.subscriber, eventId, type, attempt: attempts, cause };
    const level = isRound(attempts + 1) ? 'warn' : 'debug';
    this.#options.log[level]({ ...failure, ...(error === undefined ? {} : { err: error }) }, 'event not taken');
  }

  #onCall(error: unknown): void {
    const { log, subscriber } = this.#options;
    this.#callFailures ??= logTrouble(log, systemClock, `${subscriber} takes no events`);
    this.#callFailures(error instanceof Error ? error : new Error(String(error)));
  }

  #callFailures: ((error: Error) => void) | undefined;
}

function isTaken(told: Told | undefined): boolean {
  if (told === undefined || 'failure' in told) return false;
  return told.answer.proof === undefined || told.answer.proof.goneAt !== undefined;
}

/** Codes that say something of what was sent, and nothing of whether the subscriber is there. */
const ofEvent: readonly Code[] = [
  Code.Internal,
  Code.Unknown,
  Code.InvalidArgument,
  Code.FailedPrecondition,
  Code.DeadlineExceeded,
  Code.DataLoss,
];

function isOfEvent(error: unknown): boolean {
  if (error instanceof DatabaseAway) return false;
  return !(error instanceof ConnectError) || ofEvent.includes(error.code);
}

import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import type { Kysely, Transaction } from 'kysely';
import type { AnySchema } from '../../db/database.ts';
import { afterCommit } from '../../db/transact.ts';
import { type EventJournal, journalName } from '../../journal/event-journal.ts';
import type { Clock } from '../../process/clock.ts';
import { newId } from '../../process/ids.ts';
import type { Log } from '../../process/log.ts';
import { currentRequestId } from '../../process/request-context.ts';
import type { Peers } from '../../rpc/rpc.ts';
import { announceJobs, observeQueues } from '../../telemetry/observe-jobs.ts';
import { currentTraceparent } from '../../telemetry/traceparent.ts';
import type { OnDelivered, Publication } from '../events.ts';
import { insertEvents, readBacklog } from './outbox-store.ts';
import { pushToJournal, pushToSubscriber } from './push.ts';
import { Relay } from './relay.ts';

/** The outbox of a service: facts are written with what caused them, and pushed to the subscribers until they took them. */
export class Outbox {
  readonly #db: Kysely<AnySchema>;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #publications: readonly Publication[];
  readonly #journal: EventJournal | undefined;
  readonly #holder = newId();
  readonly #relays = new Map<string, Relay>();
  #stopObserving = () => {};

  constructor(options: {
    /** Where the migration `outbox` made its tables. */
    db: Kysely<AnySchema>;
    log: Log;
    clock: Clock;
    publications: readonly Publication[];
    /** For publications that name it. */
    journal?: EventJournal;
  }) {
    this.#db = options.db;
    this.#log = options.log;
    this.#clock = options.clock;
    this.#publications = options.publications;
    this.#journal = options.journal;
  }

  get subscribers(): readonly string[] {
    return [...new Set(this.#publications.flatMap(({ subscribers }) => subscribers))];
  }

  /**
   * Publishes in the transaction of the fact; events of one key reach each subscriber in this order. Answers the event's id.
   * With `known` an event that the journal remembered is told once more, as the same one.
   */
  async publish<Event extends DescMessage>(
    tx: Transaction<AnySchema>,
    event: Event,
    key: string,
    message: MessageInitShape<Event>,
    known: { eventId: string; occurredAt: Date } = { eventId: newId(), occurredAt: this.#clock.now() },
  ): Promise<string> {
    const { subscribers } = this.#publicationOf(event.typeName);
    await insertEvents(tx, subscribers, {
      ...known,
      type: event.typeName,
      key,
      payload: toBinary(event, create(event, message)),
      requestId: currentRequestId() ?? newId(),
      traceparent: currentTraceparent(),
    });
    afterCommit(tx, () => {
      for (const subscriber of subscribers) this.#relays.get(subscriber)?.wake();
    });
    return known.eventId;
  }

  /** Says how each subscriber is reached, and who hears what it did; they are told once `work` was called. */
  handle(peers: Peers, onDelivered?: OnDelivered): void {
    const service = String(this.#log.bindings().service);
    for (const subscriber of this.subscribers) {
      const push = subscriber === journalName ? this.#pushToJournal() : pushToSubscriber(peers, subscriber);
      const [db, log, holder] = [this.#db, this.#log, this.#holder];
      this.#relays.set(subscriber, new Relay({ db, log, service, subscriber, holder, push, onDelivered }));
      announceJobs(service, kindOf(subscriber));
    }
    this.#stopObserving();
    this.#stopObserving = observeQueues(service, () => this.#readQueues());
  }

  /** Starts to tell. */
  work(): void {
    for (const relay of this.#relays.values()) relay.work();
  }

  /** Begins no further call, waits for those that run, leaves the rest waiting. */
  async hold(): Promise<void> {
    await Promise.all([...this.#relays.values()].map((relay) => relay.hold()));
  }

  async stop(): Promise<void> {
    this.#stopObserving();
    await this.hold();
  }

  /** How many events wait for a subscriber, held ones among them. */
  async countWaiting(subscriber: string): Promise<number> {
    return (await readBacklog(this.#db, subscriber)).waiting;
  }

  async #readQueues() {
    return Promise.all(
      this.subscribers.map(async (subscriber) => {
        const { waiting, heldKeys, oldestWaitSeconds } = await readBacklog(this.#db, subscriber);
        const counts = { waiting, delayed: heldKeys, active: 0, failed: 0 };
        return { kind: kindOf(subscriber), ...counts, oldestWaitSeconds };
      }),
    );
  }

  #pushToJournal() {
    if (this.#journal === undefined) throw new Error('a publication names the journal, and there is none');
    return pushToJournal(this.#journal, (type) => this.#publicationOf(type));
  }

  #publicationOf(type: string): Publication {
    const publication = this.#publications.find(({ event }) => event.typeName === type);
    if (publication === undefined) throw new Error(`${type} is not among the publications of this service`);
    return publication;
  }
}

/** As queues are called in metrics and traces. */
function kindOf(subscriber: string): string {
  return `events-to-${subscriber}`;
}

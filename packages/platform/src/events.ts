import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type ConnectRouter, createClient } from '@connectrpc/connect';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { type Kysely, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import type { Clock } from './clock.ts';
import { type ErasureProof, proofFromMessage, proofToMessage } from './erasure-proof.ts';
import { type EventJournal, journalName, payloadToJson } from './event-journal.ts';
import { newId } from './ids.ts';
import type { JobKind, Jobs } from './jobs.ts';
import type { Peers } from './rpc-client.ts';
import { callerOf, registerRpc } from './rpc-server.ts';
import { transact } from './transact.ts';

/** An event and the services that are told of it. */
export interface Publication {
  readonly event: DescMessage;
  /** Names of services; `journalName` besides for a fact that must outlive the databases. */
  readonly subscribers: readonly string[];
}

export interface EventEnvelope {
  readonly eventId: string;
  readonly key: string;
  readonly occurredAt: Date;
}

/** What a subscriber did, counted, e.g. `{ templates: 2 }`. */
export type Effects = Readonly<Record<string, number>>;

/** What a subscriber answers. */
export interface Answer {
  readonly effects: Effects;
  /** Of one that can prove that it erased. */
  readonly proof?: ErasureProof;
}

const outboxEntry = z.object({
  eventId: z.string(),
  type: z.string(),
  key: z.string(),
  occurredAt: z.string(),
  payload: z.base64(),
});

type OutboxEntry = z.infer<typeof outboxEntry>;

/** How long a subscriber may take to answer, in milliseconds. */
export const deliverTimeoutMs = 30_000;

function outboxOf(subscriber: string): JobKind<OutboxEntry> {
  return {
    name: `events-to-${subscriber}`,
    data: outboxEntry,
    // For years: a fact is never dropped because a subscriber was away, nor overtaken by a later one of its key.
    retryCountMax: 10_000_000,
    retryDelaySeconds: 1,
    retryDelayMaxSeconds: 30,
    timeoutSeconds: 60,
    // The payload may say who is in which photo: it must not outlive what was erased.
    keptSeconds: 1,
    ordered: true,
  };
}

/** Called when a subscriber has acted on an event. It may be called again for the same event. */
export type OnDelivered = (
  subscriber: string,
  event: EventEnvelope & { type: string },
  answer: Answer,
) => Promise<void>;

/** The outbox of a service: facts are written with what caused them, and pushed to the subscribers until they took them. */
export class Outbox {
  readonly #jobs: Jobs;
  readonly #publications: readonly Publication[];
  readonly #clock: Clock;
  readonly #journal: EventJournal | undefined;

  constructor(options: {
    jobs: Jobs;
    clock: Clock;
    publications: readonly Publication[];
    /** For publications that name it. */
    journal?: EventJournal;
  }) {
    this.#jobs = options.jobs;
    this.#clock = options.clock;
    this.#publications = options.publications;
    this.#journal = options.journal;
  }

  /** The queues of this outbox, one a subscriber. */
  get kinds(): JobKind<OutboxEntry>[] {
    return [...new Set(this.#publications.flatMap(({ subscribers }) => subscribers))].map(outboxOf);
  }

  /**
   * Publishes in the transaction of the fact; events of one key reach each subscriber in this order. Answers the event's id.
   * With `known` an event that the journal remembered is told once more, as the same one.
   */
  async publish<Event extends DescMessage>(
    // biome-ignore lint/suspicious/noExplicitAny: a transaction of whatever schema
    tx: Transaction<any>,
    event: Event,
    key: string,
    message: MessageInitShape<Event>,
    known: { eventId: string; occurredAt: Date } = { eventId: newId(), occurredAt: this.#clock.now() },
  ): Promise<string> {
    const publication = this.#publicationOf(event.typeName);
    const { eventId } = known;
    const payload = Buffer.from(toBinary(event, create(event, message))).toString('base64');
    const entry = { eventId, type: event.typeName, key, occurredAt: known.occurredAt.toISOString(), payload };
    for (const subscriber of publication.subscribers) {
      await this.#jobs.send(tx, outboxOf(subscriber), entry, { key });
    }
    return eventId;
  }

  /** Registers the workers that push. */
  handle(peers: Peers, onDelivered?: OnDelivered): void {
    for (const kind of this.kinds) {
      const subscriber = kind.name.slice('events-to-'.length);
      const push = subscriber === journalName ? this.#toJournal() : pushTo(peers, subscriber);
      this.#jobs.handle(kind, 2, async ({ data, signal }) => {
        const { eventId, key, type } = data;
        const event = { eventId, key, type, occurredAt: new Date(data.occurredAt) };
        const answer = await push({ ...event, payload: Buffer.from(data.payload, 'base64') }, signal);
        await onDelivered?.(subscriber, event, answer);
        const isUnfinished = answer.proof !== undefined && answer.proof.goneAt === undefined;
        if (isUnfinished) throw new Error(`${subscriber} has erased and cannot prove it yet; it is told again`);
      });
    }
  }

  #toJournal(): Push {
    const journal = this.#journal;
    if (journal === undefined) throw new Error('a publication names the journal, and there is none');
    return async (event) => {
      await journal.append({ ...event, payload: payloadToJson(this.#publicationOf(event.type).event, event.payload) });
      return { effects: { entries: 1 } };
    };
  }

  #publicationOf(type: string): Publication {
    const publication = this.#publications.find(({ event }) => event.typeName === type);
    if (publication === undefined) throw new Error(`${type} is not among the publications of this service`);
    return publication;
  }
}

type Push = (
  event: EventEnvelope & { readonly type: string; readonly payload: Uint8Array },
  signal: AbortSignal,
) => Promise<Answer>;

function pushTo(peers: Peers, subscriber: string): Push {
  const client = createClient(EventService, peers(subscriber));
  return async ({ occurredAt, ...event }, signal) => {
    const message = { ...event, occurredAt: timestampFromDate(occurredAt) };
    const { effects, proof } = await client.deliver(message, { signal, timeoutMs: deliverTimeoutMs });
    return { effects, ...(proof === undefined ? {} : { proof: proofFromMessage(proof) }) };
  };
}

/** What acting on an event came to. */
export interface Acted {
  readonly effects: Effects;
  /** Called after the commit by whoever is to answer; may know what the transaction erased, in memory alone. */
  readonly prove?: () => Promise<ErasureProof>;
}

/** Acts on one kind of event inside the transaction that records it. */
export interface Subscription<Schema> {
  readonly event: DescMessage;
  readonly publisher: string;
  readonly act: (tx: Transaction<Schema>, payload: Uint8Array, envelope: EventEnvelope) => Promise<Acted>;
  /** As `Acted.prove` for an event that came again, after an answer that was lost or a process that died before it. */
  readonly proveAgain?: (payload: Uint8Array, envelope: EventEnvelope) => Promise<ErasureProof>;
  /**
   * Called after the commit and before the answer, each time the event comes: it comes again until this went well. Must be safe to run
   * again, and end well before `deliverTimeoutMs`.
   */
  readonly followUp?: (payload: Uint8Array) => Promise<void>;
  /** Called after the commit, also when the event came again, and perhaps not at all: for hints. Must not throw. */
  readonly onCommitted?: (payload: Uint8Array) => Promise<void>;
}

export function subscribe<Schema, Event extends DescMessage>(
  publisher: string,
  event: Event,
  act: (tx: Transaction<Schema>, message: MessageShape<Event>, envelope: EventEnvelope) => Promise<Effects>,
  onCommitted?: (message: MessageShape<Event>) => Promise<void>,
): Subscription<Schema> {
  return {
    event,
    publisher,
    act: async (tx, payload, envelope) => ({ effects: await act(tx, fromBinary(event, payload), envelope) }),
    ...(onCommitted === undefined ? {} : { onCommitted: (payload) => onCommitted(fromBinary(event, payload)) }),
  };
}

/** A subscription with work that no transaction may hold: see `Subscription.followUp`. A replay of the journal does not call it. */
export function subscribeWithFollowUp<Schema, Event extends DescMessage>(
  publisher: string,
  event: Event,
  act: (tx: Transaction<Schema>, message: MessageShape<Event>, envelope: EventEnvelope) => Promise<Effects>,
  followUp: (message: MessageShape<Event>) => Promise<void>,
): Subscription<Schema> {
  return {
    ...subscribe(publisher, event, act),
    followUp: (payload) => followUp(fromBinary(event, payload)),
  };
}

/**
 * A subscription that erases and proves it: each answer has a proof, with the vectors that were erased the first time, and by
 * counting when the event comes again. A proof must end well before `deliverTimeoutMs`.
 */
export function subscribeErasure<Schema, Event extends DescMessage>(
  publisher: string,
  event: Event,
  act: (tx: Transaction<Schema>, message: MessageShape<Event>, envelope: EventEnvelope) => Promise<Required<Acted>>,
  proveAgain: (message: MessageShape<Event>, envelope: EventEnvelope) => Promise<ErasureProof>,
): Subscription<Schema> {
  return {
    event,
    publisher,
    act: (tx, payload, envelope) => act(tx, fromBinary(event, payload), envelope),
    proveAgain: (payload, envelope) => proveAgain(fromBinary(event, payload), envelope),
  };
}

/** Table of events acted on; each service that subscribes has it: see `handled_events` in its first migration. */
interface HandledEvents {
  handled_events: { event_id: string; effects: string };
}

/** Serves EventService. An event that comes again is answered with what was done the first time. */
export function registerSubscriptions<Schema>(
  router: ConnectRouter,
  db: Kysely<Schema>,
  subscriptions: readonly Subscription<Schema>[],
): void {
  const publishers = [...new Set(subscriptions.map(({ publisher }) => publisher))];
  registerRpc(
    router,
    EventService,
    { deliver: publishers },
    {
      async deliver(request, context) {
        const subscription = subscriptions.find(({ event }) => event.typeName === request.type);
        if (subscription === undefined) throw new Error(`nobody here listens to ${request.type}`);
        if (callerOf(context) !== subscription.publisher) {
          throw new ConnectError('this service does not publish this event', Code.PermissionDenied);
        }
        const occurredAt = request.occurredAt === undefined ? new Date(0) : timestampDate(request.occurredAt);
        const envelope = { eventId: request.eventId, key: request.key, occurredAt };
        const { effects, prove } = await actOnce(db, subscription, request.payload, envelope);
        await subscription.onCommitted?.(request.payload);
        await subscription.followUp?.(request.payload);
        return { effects, ...(prove === undefined ? {} : { proof: proofToMessage(await prove()) }) };
      },
    },
  );
}

/** Acts on an event unless that was done before; answers what was done then or now, and how to prove it. */
export async function actOnce<Schema>(
  db: Kysely<Schema>,
  subscription: Subscription<Schema>,
  payload: Uint8Array,
  envelope: EventEnvelope,
): Promise<Acted> {
  const { eventId } = envelope;
  const { proveAgain } = subscription;
  return transact(db, async (tx) => {
    const { rows } = await sql<{ event_id: string }>`
      insert into handled_events (event_id) values (${eventId})
      on conflict (event_id) do nothing returning event_id`.execute(tx);
    if (rows.length === 0) {
      const effects = await handledEffects(tx, eventId);
      return { effects, ...(proveAgain === undefined ? {} : { prove: () => proveAgain(payload, envelope) }) };
    }
    const acted = await subscription.act(tx, payload, envelope);
    await sql`update handled_events set effects = ${JSON.stringify(acted.effects)} where event_id = ${eventId}`.execute(
      tx,
    );
    return acted;
  });
}

async function handledEffects<Schema>(tx: Transaction<Schema>, eventId: string): Promise<Effects> {
  const { rows } = await sql<HandledEvents['handled_events']>`
    select event_id, effects::text as effects from handled_events where event_id = ${eventId}`.execute(tx);
  return z.record(z.string(), z.number()).parse(JSON.parse(rows[0]?.effects ?? '{}'));
}

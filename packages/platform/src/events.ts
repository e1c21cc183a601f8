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
import { newId } from './ids.ts';
import type { JobKind, Jobs } from './jobs.ts';
import type { Peers } from './rpc-client.ts';
import { callerOf, registerRpc } from './rpc-server.ts';

/** An event and the services that are told of it. */
export interface Publication {
  readonly event: DescMessage;
  readonly subscribers: readonly string[];
}

export interface EventEnvelope {
  readonly eventId: string;
  readonly key: string;
  readonly occurredAt: Date;
}

/** What a subscriber did, counted, e.g. `{ templates: 2 }`. */
export type Effects = Readonly<Record<string, number>>;

const outboxEntry = z.object({
  eventId: z.string(),
  type: z.string(),
  key: z.string(),
  occurredAt: z.string(),
  payload: z.base64(),
});

type OutboxEntry = z.infer<typeof outboxEntry>;

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
  effects: Effects,
) => Promise<void>;

/** The outbox of a service: facts are written with what caused them, and pushed to the subscribers until they took them. */
export class Outbox {
  readonly #jobs: Jobs;
  readonly #publications: readonly Publication[];
  readonly #clock: Clock;

  constructor(options: { jobs: Jobs; clock: Clock; publications: readonly Publication[] }) {
    this.#jobs = options.jobs;
    this.#clock = options.clock;
    this.#publications = options.publications;
  }

  /** The queues of this outbox, one a subscriber. */
  get kinds(): JobKind<OutboxEntry>[] {
    return [...new Set(this.#publications.flatMap(({ subscribers }) => subscribers))].map(outboxOf);
  }

  /** Publishes in the transaction of the fact; events of one key reach each subscriber in this order. Answers the event's id. */
  async publish<Event extends DescMessage>(
    // biome-ignore lint/suspicious/noExplicitAny: a transaction of whatever schema
    tx: Transaction<any>,
    event: Event,
    key: string,
    message: MessageInitShape<Event>,
  ): Promise<string> {
    const publication = this.#publications.find((candidate) => candidate.event.typeName === event.typeName);
    if (publication === undefined) throw new Error(`${event.typeName} is not among the publications of this service`);
    const eventId = newId();
    const payload = Buffer.from(toBinary(event, create(event, message))).toString('base64');
    const entry = { eventId, type: event.typeName, key, occurredAt: this.#clock.now().toISOString(), payload };
    for (const subscriber of publication.subscribers) {
      await this.#jobs.send(tx, outboxOf(subscriber), entry, { key });
    }
    return eventId;
  }

  /** Registers the workers that push. */
  handle(peers: Peers, onDelivered?: OnDelivered): void {
    for (const kind of this.kinds) {
      const subscriber = kind.name.slice('events-to-'.length);
      const client = createClient(EventService, peers(subscriber));
      this.#jobs.handle(kind, 2, async ({ data, signal }) => {
        const occurredAt = new Date(data.occurredAt);
        const { effects } = await client.deliver(
          {
            eventId: data.eventId,
            type: data.type,
            key: data.key,
            occurredAt: timestampFromDate(occurredAt),
            payload: Buffer.from(data.payload, 'base64'),
          },
          { signal, timeoutMs: 30_000 },
        );
        const { eventId, key, type } = data;
        await onDelivered?.(subscriber, { eventId, key, type, occurredAt }, effects);
      });
    }
  }
}

/** Acts on one kind of event inside the transaction that records it. */
export interface Subscription<Schema> {
  readonly event: DescMessage;
  readonly publisher: string;
  readonly act: (tx: Transaction<Schema>, payload: Uint8Array, envelope: EventEnvelope) => Promise<Effects>;
}

export function subscribe<Schema, Event extends DescMessage>(
  publisher: string,
  event: Event,
  act: (tx: Transaction<Schema>, message: MessageShape<Event>, envelope: EventEnvelope) => Promise<Effects>,
): Subscription<Schema> {
  return { event, publisher, act: (tx, payload, envelope) => act(tx, fromBinary(event, payload), envelope) };
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
        const effects = await db.transaction().execute(async (tx) => {
          const { rows } = await sql<{ event_id: string }>`
          insert into handled_events (event_id) values (${request.eventId})
          on conflict (event_id) do nothing returning event_id`.execute(tx);
          if (rows.length === 0) return handledEffects(tx, request.eventId);
          const done = await subscription.act(tx, request.payload, envelope);
          await sql`update handled_events set effects = ${JSON.stringify(done)} where event_id = ${request.eventId}`.execute(
            tx,
          );
          return done;
        });
        return { effects };
      },
    },
  );
}

async function handledEffects<Schema>(tx: Transaction<Schema>, eventId: string): Promise<Effects> {
  const { rows } = await sql<HandledEvents['handled_events']>`
    select event_id, effects::text as effects from handled_events where event_id = ${eventId}`.execute(tx);
  return z.record(z.string(), z.number()).parse(JSON.parse(rows[0]?.effects ?? '{}'));
}

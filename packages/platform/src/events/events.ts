import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import type { Transaction } from 'kysely';
import type { DeletionProof } from './deletion-proof.ts';

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

/** What a subscriber did, counted, e.g. `{ rows: 2 }`. */
export type Effects = Readonly<Record<string, number>>;

/** What a subscriber answers. */
export interface Answer {
  readonly effects: Effects;
  /** Of one that can prove that it deleted. */
  readonly proof?: DeletionProof;
}

/** How long a subscriber may take to answer, in milliseconds. */
export const deliverTimeoutMs = 30_000;

/** Called when a subscriber has acted on an event. It may be called again for the same event. */
export type OnDelivered = (
  subscriber: string,
  event: EventEnvelope & { type: string },
  answer: Answer,
) => Promise<void>;

/** What acting on an event came to. */
export interface Acted {
  readonly effects: Effects;
  /** Called after the commit by whoever is to answer; may know what the transaction deleted, in memory alone. */
  readonly prove?: () => Promise<DeletionProof>;
}

/** Acts on one kind of event inside the transaction that records it. */
export interface Subscription<Schema> {
  readonly event: DescMessage;
  readonly publisher: string;
  readonly act: (tx: Transaction<Schema>, payload: Uint8Array, envelope: EventEnvelope) => Promise<Acted>;
  /** As `Acted.prove` for an event that came again, after an answer that was lost or a process that died before it. */
  readonly proveAgain?: (payload: Uint8Array, envelope: EventEnvelope) => Promise<DeletionProof>;
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
 * A subscription that deletes and proves it: each answer has a proof, with the vectors that were deleted the first time, and by
 * counting when the event comes again. A proof must end well before `deliverTimeoutMs`.
 */
export function subscribeWithProof<Schema, Event extends DescMessage>(
  publisher: string,
  event: Event,
  act: (tx: Transaction<Schema>, message: MessageShape<Event>, envelope: EventEnvelope) => Promise<Required<Acted>>,
  proveAgain: (message: MessageShape<Event>, envelope: EventEnvelope) => Promise<DeletionProof>,
): Subscription<Schema> {
  return {
    event,
    publisher,
    act: (tx, payload, envelope) => act(tx, fromBinary(event, payload), envelope),
    proveAgain: (payload, envelope) => proveAgain(fromBinary(event, payload), envelope),
  };
}

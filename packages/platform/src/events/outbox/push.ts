import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import {
  type EventResult,
  type EventSchema,
  EventService,
  type DeletionProof as ProofMessage,
} from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { type EventJournal, payloadToJson } from '../../journal/event-journal.ts';
import type { Peers } from '../../rpc/rpc.ts';
import { errorTypeOf } from '../../telemetry/error-type.ts';
import { proofFromMessage } from '../deletion-proof.ts';
import { type Answer, deliverTimeoutMs, type Publication } from '../events.ts';
import type { WaitingEvent } from './outbox-store.ts';

/** What became of an event that was tried. */
export type Told = { readonly answer: Answer } | { readonly failure: string };

/** Tells several events, of each key in order; answers what became of those that were tried. Throws where that is not known. */
export type Push = (events: readonly WaitingEvent[], signal: AbortSignal) => Promise<ReadonlyMap<WaitingEvent, Told>>;

export function pushToSubscriber(peers: Peers, subscriber: string): Push {
  const client = createClient(EventService, peers(subscriber));
  return async (events, signal) => {
    const [first, ...others] = events;
    if (first === undefined) return new Map();
    const message = { ...messageOf(first), more: others.map(messageOf) };
    const { effects, proof, results } = await client.deliver(message, { signal, timeoutMs: deliverTimeoutMs });
    // It was one event, or a subscriber of a former version, which takes no more than that.
    if (results.length === 0) return new Map([[first, { answer: answerOf(effects, proof) }]]);
    const byId = new Map(results.map((result) => [result.eventId, result]));
    return new Map(events.flatMap((event) => entryOf(event, byId.get(event.eventId))));
  };
}

function messageOf({ eventId, type, key, occurredAt, payload, requestId, traceparent = '' }: WaitingEvent) {
  const message = { eventId, type, key, occurredAt: timestampFromDate(occurredAt), payload: new Uint8Array(payload) };
  return { ...message, requestId, traceparent } satisfies MessageInitShape<typeof EventSchema>;
}

function entryOf(event: WaitingEvent, result: EventResult | undefined): [WaitingEvent, Told][] {
  if (result === undefined) return [];
  const { failure, effects, proof } = result;
  return [[event, failure === undefined ? { answer: answerOf(effects, proof) } : { failure }]];
}

function answerOf(effects: Record<string, number>, proof: ProofMessage | undefined): Answer {
  return { effects, ...(proof === undefined ? {} : { proof: proofFromMessage(proof) }) };
}

export function pushToJournal(journal: EventJournal, publicationOf: (type: string) => Publication): Push {
  return async (events, signal) => {
    const told = new Map<WaitingEvent, Told>();
    const failedKeys = new Set<string>();
    for (const event of events) {
      if (signal.aborted) break;
      if (failedKeys.has(event.key)) continue;
      try {
        const payload = payloadToJson(publicationOf(event.type).event, event.payload);
        await journal.append({ ...envelopeOf(event), payload });
        told.set(event, { answer: { effects: { entries: 1 } } });
      } catch (error) {
        failedKeys.add(event.key);
        told.set(event, { failure: errorTypeOf(error) });
      }
    }
    return told;
  };
}

function envelopeOf({ eventId, type, key, occurredAt }: WaitingEvent) {
  return { eventId, type, key, occurredAt };
}

import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type ConnectRouter } from '@connectrpc/connect';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import type { Kysely } from 'kysely';
import type { Log } from '../process/log.ts';
import { acceptRequestId, currentSignal, withRequestContext } from '../process/request-context.ts';
import { callerOf, registerRpc } from '../rpc/rpc-server.ts';
import { inSpanBelow } from '../telemetry/spans.ts';
import { actAndFollowUp, actOnAll, type Outcome } from './act-on-events.ts';
import { proofToMessage } from './deletion-proof.ts';
import { deliverTimeoutMs, type EventEnvelope, type Subscription } from './events.ts';

/** Events that one call may carry. */
const eventsMax = 1_000;
/** So much of a caller's time is left for the answer, in milliseconds. */
const answerMs = 5_000;

/**
 * Serves EventService, on the table `handled_events`: see the first migration of each service that subscribes. An event that comes again is
 * answered with what was done the first time.
 */
export function registerSubscriptions<Schema>(
  router: ConnectRouter,
  db: Kysely<Schema>,
  subscriptions: readonly Subscription<Schema>[],
  log: Log,
): void {
  const publishers = [...new Set(subscriptions.map(({ publisher }) => publisher))];
  const find = (type: string, caller: string) =>
    subscriptions.find(({ event, publisher }) => event.typeName === type && publisher === caller);
  registerRpc(
    router,
    EventService,
    { deliver: publishers },
    {
      async deliver(request, context) {
        const caller = callerOf(context);
        if (request.more.length === 0) {
          const isKnown = subscriptions.some(({ event }) => event.typeName === request.type);
          const subscription = find(request.type, caller);
          if (isKnown && subscription === undefined) {
            throw new ConnectError('this service does not publish this event', Code.PermissionDenied);
          }
          const { effects, proof } = await actAndFollowUp(db, subscription, request.payload, envelopeOf(request));
          return { effects, ...(proof === undefined ? {} : { proof: proofToMessage(proof) }) };
        }
        if (request.more.length >= eventsMax) {
          throw new ConnectError(`at most ${eventsMax} events come in one call`, Code.InvalidArgument);
        }
        const received = [{ ...request, requestId: '', traceparent: '' }, ...request.more].map((event) => ({
          envelope: envelopeOf(event),
          payload: event.payload,
          subscription: find(event.type, caller),
          within: <T>(run: () => Promise<T>) => withinEvent(event, run),
        }));
        const outcomes = await actOnAll(db, received, {
          deadlineMs: performance.now() + (context.timeoutMs() ?? deliverTimeoutMs) - answerMs,
          onError: (error, { eventId }) => log.error({ err: error, eventId }, 'event failed'),
        });
        return { results: [...outcomes].map(([eventId, outcome]) => resultOf(eventId, outcome)) };
      },
    },
  );
}

function envelopeOf(event: { eventId: string; key: string; occurredAt?: Timestamp | undefined }): EventEnvelope {
  const { eventId, key, occurredAt } = event;
  return { eventId, key, occurredAt: occurredAt === undefined ? new Date(0) : timestampDate(occurredAt) };
}

/** Of those after the first of a call, request and trace come with the event. */
function withinEvent<T>(
  event: { requestId: string; traceparent: string; type: string },
  run: () => Promise<T>,
): Promise<T> {
  const requestId = acceptRequestId(event.requestId);
  if (requestId === undefined) return run();
  const signal = currentSignal();
  const request = { requestId, ...(signal === undefined ? {} : { signal }) };
  return withRequestContext(request, () => inSpanBelow(event.traceparent, `act on ${event.type}`, run));
}

function resultOf(eventId: string, outcome: Outcome) {
  if ('failure' in outcome) return { eventId, failure: outcome.failure };
  const { effects, proof } = outcome;
  return { eventId, effects, ...(proof === undefined ? {} : { proof: proofToMessage(proof) }) };
}

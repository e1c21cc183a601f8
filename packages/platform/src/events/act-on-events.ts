import { type Kysely, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { DatabaseAway } from '../db/database-away.ts';
import { transact } from '../db/transact.ts';
import { errorTypeOf } from '../telemetry/error-type.ts';
import { AtMost } from '../turns/at-most.ts';
import type { DeletionProof } from './deletion-proof.ts';
import type { Acted, Effects, EventEnvelope, Subscription } from './events.ts';

/** An event as it came, with who listens to it. */
export interface ReceivedEvent<Schema> {
  readonly envelope: EventEnvelope;
  readonly payload: Uint8Array;
  /** Absent where nobody here listens to it, or not to its publisher. */
  readonly subscription: Subscription<Schema> | undefined;
  /** Runs something as part of the request that the event follows from. */
  readonly within: <T>(run: () => Promise<T>) => Promise<T>;
}

/** What became of one: done, with how it is proven where it can be; or not, and why. */
export type Outcome = { readonly effects: Effects; readonly proof?: DeletionProof } | { readonly failure: string };

export interface ActOptions {
  /** None is begun later, on the clock of `performance.now()`; what was not begun is not among the outcomes. */
  readonly deadlineMs: number;
  readonly onError: (error: unknown, envelope: EventEnvelope) => void;
}

/** Keys whose events are acted on one by one, at the same time. */
const keysAtOnce = 4;

/**
 * Acts on several events, on each once and of each key in order; answers what became of each by its id. All that end with their
 * transaction share one; when one of them fails, and for those that have more to do after the commit, each has its own, and a failure
 * stops its key alone. Throws DatabaseAway.
 */
export async function actOnAll<Schema>(
  db: Kysely<Schema>,
  events: readonly ReceivedEvent<Schema>[],
  options: ActOptions,
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const keys = Map.groupBy(events, ({ envelope }) => envelope.key);
  // Everybody takes the keys in this order, since most lock a row of that name.
  const sorted = [...keys].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ofKey]) => ofKey);
  const together = sorted.filter((ofKey) => ofKey.every(endsWithTransaction));
  const alone = sorted.filter((ofKey) => !ofKey.every(endsWithTransaction));
  const done = await actTogether(db, together.flat());
  for (const [eventId, effects] of done ?? []) outcomes.set(eventId, { effects });
  const some = new AtMost(keysAtOnce);
  const never = new AbortController().signal;
  const rest = done === undefined ? [...together, ...alone] : alone;
  const runs = rest.map((ofKey) => some.run(() => actInTurn(db, ofKey, outcomes, options), never));
  // All have ended before an error is told: none may go on behind the answer.
  const failed = (await Promise.allSettled(runs)).find((run) => run.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return outcomes;
}

function endsWithTransaction<Schema>({ subscription }: ReceivedEvent<Schema>): boolean {
  return subscription !== undefined && subscription.followUp === undefined && subscription.proveAgain === undefined;
}

/** Undefined when one of them failed, and with it all. */
async function actTogether<Schema>(
  db: Kysely<Schema>,
  events: readonly ReceivedEvent<Schema>[],
): Promise<ReadonlyMap<string, Effects> | undefined> {
  if (events.length < 2) return events.length === 0 ? new Map() : undefined;
  try {
    const done = await transact(db, async (tx) => {
      const handled = await readHandled(tx, events);
      const acted: [string, Effects][] = [];
      for (const { envelope, payload, subscription, within } of events) {
        if (subscription === undefined || handled.has(envelope.eventId)) continue;
        const { effects } = await within(() => subscription.act(tx, payload, envelope));
        acted.push([envelope.eventId, effects]);
      }
      await recordEffects(tx, acted);
      return new Map([...handled, ...acted]);
    });
    await Promise.all(events.map(({ subscription, payload }) => subscription?.onCommitted?.(payload)));
    return done;
  } catch (error) {
    if (error instanceof DatabaseAway) throw error;
    // Whose fault it was comes out when each is tried alone.
    return undefined;
  }
}

/** Writes down the ids; answers the effects of those that were acted on before. */
async function readHandled<Schema>(
  tx: Transaction<Schema>,
  events: readonly ReceivedEvent<Schema>[],
): Promise<Map<string, Effects>> {
  const ids = events.map(({ envelope }) => envelope.eventId).sort();
  const inserted = await sql<{ id: string }>`
    insert into handled_events (event_id) select id from unnest(${ids}::uuid[]) as told (id)
    on conflict (event_id) do nothing returning event_id as id`.execute(tx);
  const isNew = new Set(inserted.rows.map(({ id }) => id));
  const known = ids.filter((id) => !isNew.has(id));
  if (known.length === 0) return new Map();
  const { rows } = await sql<{ id: string; effects: string }>`
    select event_id as id, effects::text as effects from handled_events where event_id = any(${known}::uuid[])`.execute(
    tx,
  );
  return new Map(rows.map(({ id, effects }) => [id, parseEffects(effects)]));
}

async function recordEffects<Schema>(tx: Transaction<Schema>, acted: readonly [string, Effects][]): Promise<void> {
  const notable = acted.filter(([, effects]) => Object.keys(effects).length > 0);
  if (notable.length === 0) return;
  await sql`update handled_events set effects = acted.effects::jsonb
    from unnest(${notable.map(([id]) => id)}::uuid[], ${notable.map(([, effects]) => JSON.stringify(effects))}::text[])
      as acted (id, effects) where event_id = acted.id`.execute(tx);
}

/** One after the other, until one fails or the time is over. */
async function actInTurn<Schema>(
  db: Kysely<Schema>,
  events: readonly ReceivedEvent<Schema>[],
  outcomes: Map<string, Outcome>,
  { deadlineMs, onError }: ActOptions,
): Promise<void> {
  for (const { subscription, payload, envelope, within } of events) {
    if (performance.now() > deadlineMs) return;
    try {
      const outcome = await within(() => actAndFollowUp(db, subscription, payload, envelope));
      outcomes.set(envelope.eventId, outcome);
      if (outcome.proof !== undefined && outcome.proof.goneAt === undefined) return;
    } catch (error) {
      if (error instanceof DatabaseAway) throw error;
      onError(error, envelope);
      outcomes.set(envelope.eventId, { failure: errorTypeOf(error) });
      return;
    }
  }
}

/** Acts on one event, once, and does what follows from it each time it comes. */
export async function actAndFollowUp<Schema>(
  db: Kysely<Schema>,
  subscription: Subscription<Schema> | undefined,
  payload: Uint8Array,
  envelope: EventEnvelope,
): Promise<{ readonly effects: Effects; readonly proof?: DeletionProof }> {
  if (subscription === undefined) throw new UnknownEvent('nobody here listens to this event of this service');
  const { effects, prove } = await actOnce(db, subscription, payload, envelope);
  await subscription.onCommitted?.(payload);
  await subscription.followUp?.(payload);
  return { effects, ...(prove === undefined ? {} : { proof: await prove() }) };
}

/** A publisher of a newer version, perhaps: it comes again. */
class UnknownEvent extends Error {
  override readonly name = 'UnknownEvent';
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
  const { rows } = await sql<{ effects: string }>`
    select effects::text as effects from handled_events where event_id = ${eventId}`.execute(tx);
  return parseEffects(rows[0]?.effects ?? '{}');
}

function parseEffects(text: string): Effects {
  return z.record(z.string(), z.number()).parse(JSON.parse(text));
}

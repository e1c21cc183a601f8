import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { actOnce } from '../events/act-on-events.ts';
import type { EventEnvelope, Subscription } from '../events/events.ts';
import type { Log } from '../process/log.ts';
import type { PartState } from '../process/readiness.ts';
import { type EventJournal, JournalAway, JournalUnreadable, payloadFromJson } from './event-journal.ts';

/** How soon a journal that could not be read is asked again, in milliseconds. */
const askAgainMs = 5_000;

export interface ReplayOptions<Schema> {
  readonly db: Kysely<Schema>;
  readonly journal: EventJournal;
  readonly subscriptions: readonly Subscription<Schema>[];
  readonly log: Log;
}

export interface Replay {
  /** `degraded` while the journal has not been read to its last entry since the start. */
  state(): PartState;
  stop(): void;
}

/**
 * `replayJournal` at the start of a service, before it serves. The journal may be away, may refuse to be read,
 * or may hold an entry that cannot be read. The service then acts on the other entries and starts, because a storage that fails must not keep
 * people from signing in. It acts on the missing entries once they can be read.
 */
export async function startReplay<Schema>({ db, journal, subscriptions, log }: ReplayOptions<Schema>): Promise<Replay> {
  let isRead = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const replay = async () => {
    const count = await replayJournal(db, journal, subscriptions);
    isRead = true;
    if (count > 0) log.warn({ count }, 'acted on events of the journal that the database had not heard of');
  };
  const askLater = () => {
    timer = setTimeout(() => replay().catch(tryAgain), askAgainMs).unref();
  };
  const tryAgain = (error: unknown) => {
    if (isStopped) return;
    log.error({ err: error }, 'the journal cannot be read: if the database was restored, it may hold what was erased');
    askLater();
  };
  await replay().catch((error: unknown) => {
    if (!(error instanceof JournalAway || error instanceof JournalUnreadable)) throw error;
    tryAgain(error);
  });
  return {
    state: () => (isRead ? 'ready' : 'degraded'),
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** Event ids looked up at a time. */
const replayPageSize = 500;

/**
 * Acts on what the journal remembers and this database has not heard of, because it was restored from an older state. To be
 * called before anything is served; the answer counts the events acted on. Throws JournalUnreadable when all is done but
 * what cannot be read.
 */
export async function replayJournal<Schema>(
  db: Kysely<Schema>,
  journal: EventJournal,
  subscriptions: readonly Subscription<Schema>[],
): Promise<number> {
  let count = 0;
  const unreadable: string[] = [];
  const replay = async (eventIds: readonly string[]) => {
    for (const eventId of await listUnhandled(db, eventIds)) {
      const fact = await readFact(journal, eventId, subscriptions);
      if (fact === 'foreign') continue;
      if (fact === 'unreadable') {
        unreadable.push(eventId);
        continue;
      }
      await actOnce(db, fact.subscription, fact.payload, fact.envelope);
      count += 1;
    }
  };
  let page: string[] = [];
  for await (const eventId of journal.eventIds()) {
    if (!z.uuid().safeParse(eventId).success) {
      unreadable.push(eventId);
      continue;
    }
    page.push(eventId);
    if (page.length < replayPageSize) continue;
    await replay(page);
    page = [];
  }
  await replay(page);
  if (unreadable.length > 0) throw new JournalUnreadable(unreadable);
  return count;
}

interface Fact<Schema> {
  readonly subscription: Subscription<Schema>;
  readonly payload: Uint8Array;
  readonly envelope: EventEnvelope;
}

/** `foreign`: nobody here listens to it. */
async function readFact<Schema>(
  journal: EventJournal,
  eventId: string,
  subscriptions: readonly Subscription<Schema>[],
): Promise<Fact<Schema> | 'foreign' | 'unreadable'> {
  try {
    const entry = await journal.read(eventId);
    const subscription = subscriptions.find(({ event }) => event.typeName === entry.type);
    if (subscription === undefined) return 'foreign';
    return { subscription, payload: payloadFromJson(subscription.event, entry.payload), envelope: entry };
  } catch (error) {
    if (error instanceof JournalAway) throw error;
    return 'unreadable';
  }
}

/** Oldest first. */
async function listUnhandled<Schema>(db: Kysely<Schema>, eventIds: readonly string[]): Promise<string[]> {
  if (eventIds.length === 0) return [];
  const { rows } = await sql<{ event_id: string }>`
    select event_id from unnest(${[...eventIds]}::uuid[]) as told (event_id)
    where not exists (select from handled_events h where h.event_id = told.event_id) order by event_id`.execute(db);
  return rows.map((row) => row.event_id);
}

import { type DescMessage, fromBinary, fromJson, type JsonValue, toBinary, toJson } from '@bufbuild/protobuf';

/** What the journal is called where the subscribers of an event are named. */
export const journalName = 'journal';

/** A fact as the journal keeps it: JSON, for people too. */
export interface JournalEntry {
  readonly eventId: string;
  /** Full name of the event's message, with its package. */
  readonly type: string;
  readonly key: string;
  readonly occurredAt: Date;
  /** The message in the JSON of protobuf. */
  readonly payload: JsonValue;
}

/**
 * Facts that outlive the databases: a place of its own, which no backup holds and no restore touches. Entries are added, and
 * never changed or taken away.
 */
export interface EventJournal {
  /** Writes an entry that is there wholly or not at all, also when the machine dies; again is no error. */
  append(entry: JournalEntry): Promise<void>;
  /** All events that it holds, in no order; throws JournalAway. */
  eventIds(): AsyncIterable<string>;
  /** Throws when there is no such entry, or JournalAway. */
  read(eventId: string): Promise<JournalEntry>;
}

/** What the journal lies on does not answer, or refuses to. */
export class JournalAway extends Error {
  constructor(cause: Error) {
    super(`the journal is away (${cause.message})`, { cause });
    this.name = 'JournalAway';
  }
}

/** Entries that nobody can make out; whatever else the journal holds was read. */
export class JournalUnreadable extends Error {
  constructor(eventIds: readonly string[]) {
    super(`${eventIds.length} entries of the journal cannot be read: ${eventIds.slice(0, 10).join(', ')}`);
    this.name = 'JournalUnreadable';
  }
}

export function payloadToJson(event: DescMessage, payload: Uint8Array): JsonValue {
  return toJson(event, fromBinary(event, payload));
}

/** Fields that a newer version wrote are passed over. */
export function payloadFromJson(event: DescMessage, payload: JsonValue): Uint8Array {
  return toBinary(event, fromJson(event, payload, { ignoreUnknownFields: true }));
}

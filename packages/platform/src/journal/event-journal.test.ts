import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ConsentWithdrawnSchema, CreatorJoinedSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { startS3 } from '@kilas/embedded/s3/start-s3.ts';
import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { type Kysely, sql, type Transaction } from 'kysely';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { openDatabase } from '../db/database.ts';
import { subscribe } from '../events/events.ts';
import { Outbox } from '../events/outbox/outbox.ts';
import { systemClock } from '../process/clock.ts';
import { type Env, parseEnv } from '../process/env.ts';
import { newId } from '../process/ids.ts';
import { openLog } from '../process/log.ts';
import { eventTables } from '../testing/event-tables.ts';
import { type EventJournal, type JournalEntry, JournalUnreadable, journalName } from './event-journal.ts';
import { journalStoreEnv, journalUrl } from './journal-config.ts';
import { entryToText } from './journal-entry.ts';
import { openJournal } from './open-journal.ts';
import { replayJournal, startReplay } from './replay-journal.ts';

const parent = await mkdtemp(path.join(os.tmpdir(), 'kilas-journal-'));
const database = await createTestDatabase();
const db = openDatabase<object>({ url: database.url, poolSizeMax: 5, onTrouble: () => {} });
await sql.raw(eventTables).execute(db);
await sql`create table erased (member_id text, epoch int)`.execute(db);

const s3 = await startS3({ folder: path.join(parent, 's3'), accessKeyId: 'kilas', secretAccessKey: 'not a secret' });
let folder: string;
let bucket: string;

beforeEach(async () => {
  folder = path.join(parent, newId());
  bucket = `kilas-${newId()}`;
  await sql`delete from erased`.execute(db);
});

afterAll(async () => {
  await db.destroy();
  await database.drop();
  await s3.stop();
  await rm(parent, { recursive: true });
});

const fileOf = (eventId: string) => path.join(folder, `${eventId}.json`);
const openFolder = () => openJournal(`folder:${folder}`, {});

function openBucket(secret = 'not a secret'): EventJournal {
  return openAt(`s3:${bucket}`, {
    S3_ENDPOINT: s3.url,
    S3_ACCESS_KEY_ID: 'kilas',
    S3_SECRET_ACCESS_KEY: secret,
  });
}

function openAt(url: string, env: Env): EventJournal {
  return openJournal(url, parseEnv(journalStoreEnv(url), env));
}

const kinds = [
  ['a folder', openFolder],
  ['a bucket', openBucket],
] as const;

function entryOf(memberId: string, epoch: number): JournalEntry {
  const payload = { memberId, epoch };
  return { eventId: newId(), type: ConsentWithdrawnSchema.typeName, key: memberId, occurredAt: new Date(), payload };
}

async function idsIn(journal = openFolder()): Promise<string[]> {
  return (await Array.fromAsync(journal.eventIds())).sort();
}

const erase = subscribe<object, typeof ConsentWithdrawnSchema>(
  'user',
  ConsentWithdrawnSchema,
  async (tx: Transaction<object>, { memberId, epoch }) => {
    await sql`insert into erased values (${memberId}, ${epoch})`.execute(tx);
    return { faces: 1 };
  },
);

async function erasedIn(of: Kysely<object>): Promise<unknown[]> {
  return (await sql`select * from erased order by member_id, epoch`.execute(of)).rows;
}

test.each(kinds)('in %s an entry comes back as it was written; written again it is one entry', async (_, open) => {
  const entry = entryOf('a', 1);
  await open().append(entry);
  await Promise.all([open().append(entry), open().append(entry)]);
  expect(await idsIn(open())).toEqual([entry.eventId]);
  expect(await open().read(entry.eventId)).toEqual(entry);
});

test.each(kinds)('%s that nothing was written to yet is an empty journal', async (_, open) => {
  expect(await idsIn(open())).toEqual([]);
  await expect(open().read(newId())).rejects.toThrow();
});

test('in a bucket more entries than one answer lists are all listed', { timeout: 60_000 }, async () => {
  const entries = Array.from({ length: 1_050 }, (_, index) => entryOf('a', index + 1));
  const journal = openBucket();
  await journal.append(entryOf('first', 1));
  for (let at = 0; at < entries.length; at += 50) {
    await Promise.all(entries.slice(at, at + 50).map((entry) => journal.append(entry)));
  }
  expect(await idsIn(journal)).toHaveLength(1_051);
});

test('an entry in a folder is one file, and stays the first that was written', async () => {
  const entry = entryOf('a', 1);
  await openFolder().append(entry);
  await openFolder().append({ ...entry, key: 'other' });
  expect(await readdir(folder)).toEqual([`${entry.eventId}.json`]);
  expect(await openFolder().read(entry.eventId)).toMatchObject({ key: 'a' });
});

test('a storage that is away is an error, and no empty journal', async () => {
  const keys = { S3_ACCESS_KEY_ID: 'a', S3_SECRET_ACCESS_KEY: 'b' };
  const journal = openAt('s3:kilas-journal', { S3_ENDPOINT: 'http://127.0.0.1:1', ...keys });
  await expect(idsIn(journal)).rejects.toThrow('object storage');
});

test('an address that is neither a folder nor a bucket is refused', () => {
  for (const url of ['', 'folder:', '/srv/erasures', 's3:', 's3:Big', 'http://storage.example']) {
    expect(() => parseEnv(z.object({ JOURNAL_URL: journalUrl }), { JOURNAL_URL: url }), url).toThrow('JOURNAL_URL');
  }
});

test('what a process left half written is no entry', async () => {
  const entry = entryOf('a', 1);
  await openFolder().append(entry);
  await writeFile(path.join(folder, `${newId()}.0123456789ab`), '{"eventId":');
  expect(await idsIn()).toEqual([entry.eventId]);
});

test('an event that names the journal is written there, after the transaction and once, and the publisher hears of it', async () => {
  const publications = [{ event: ConsentWithdrawnSchema, subscribers: [journalName] }];
  const outbox = new Outbox({
    db,
    log: openLog('test', 'silent'),
    clock: systemClock,
    publications,
    journal: openFolder(),
  });
  const heard: unknown[] = [];
  outbox.handle(
    () => {
      throw new Error('nobody is called');
    },
    async (subscriber, { eventId }, { effects }) => {
      heard.push({ subscriber, eventId, effects });
    },
  );
  try {
    const message = { memberId: 'a', epoch: 3 };
    const publish = () => db.transaction().execute((tx) => outbox.publish(tx, ConsentWithdrawnSchema, 'a', message));
    const eventId = await publish();
    expect(await idsIn()).toEqual([]);
    outbox.work();
    await waitFor(() => heard.length === 1, { what: 'the journal to be written', timeoutMs: 15_000 });
    expect(heard).toEqual([{ subscriber: journalName, eventId, effects: { entries: 1 } }]);
    const entry = await openFolder().read(eventId);
    expect(entry).toMatchObject({ eventId, key: 'a', payload: message });
    const { occurredAt } = entry;
    const again = { eventId, occurredAt };
    await db.transaction().execute((tx) => outbox.publish(tx, ConsentWithdrawnSchema, 'a', message, again));
    await waitFor(() => heard.length === 2, { what: 'the repetition', timeoutMs: 15_000 });
    expect(await idsIn()).toEqual([eventId]);
  } finally {
    await outbox.stop();
  }
});

test('a publication that names the journal where there is none is refused before anything is lost', () => {
  const publications = [{ event: ConsentWithdrawnSchema, subscribers: [journalName] }];
  const outbox = new Outbox({ db, log: openLog('test', 'silent'), clock: systemClock, publications });
  expect(() => outbox.handle(() => ({}) as never)).toThrow('the journal');
});

test('a database learns from the journal what it has not heard of, in order and once', async () => {
  const journal = openFolder();
  const [first, second, known] = [entryOf('a', 1), entryOf('a', 2), entryOf('b', 1)];
  for (const entry of [second, known, first]) await journal.append(entry);
  await sql`insert into handled_events (event_id) values (${known.eventId})`.execute(db);
  expect(await replayJournal(db, journal, [erase])).toBe(2);
  expect(await erasedIn(db)).toEqual([
    { member_id: 'a', epoch: 1 },
    { member_id: 'a', epoch: 2 },
  ]);
  expect(await replayJournal(db, journal, [erase])).toBe(0);
  expect(await erasedIn(db)).toHaveLength(2);
});

test('two processes that start at once act on an entry once', async () => {
  const journal = openFolder();
  for (let epoch = 1; epoch <= 20; epoch++) await journal.append(entryOf('a', epoch));
  await Promise.all([replayJournal(db, journal, [erase]), replayJournal(db, journal, [erase])]);
  expect(await erasedIn(db)).toHaveLength(20);
});

test('a fact that nobody here listens to is passed over', async () => {
  const journal = openFolder();
  const payload = { creatorId: 'a', displayName: 'A' };
  await journal.append({ ...entryOf('a', 1), type: CreatorJoinedSchema.typeName, payload });
  expect(await replayJournal(db, journal, [erase])).toBe(0);
});

test.each([
  ['is torn', async (entry: JournalEntry) => writeFile(fileOf(entry.eventId), 'torn')],
  [
    'lacks its payload',
    async (entry: JournalEntry) => writeFile(fileOf(entry.eventId), entryToText({ ...entry, payload: 1 })),
  ],
  ['bears no id of an event', async (entry: JournalEntry) => rename(fileOf(entry.eventId), fileOf('copy of an entry'))],
])('an entry that %s is named, after all others were acted on', async (_what, spoil) => {
  const journal = openFolder();
  const spoilt = entryOf('a', 1);
  for (const entry of [spoilt, entryOf('b', 1)]) await journal.append(entry);
  await spoil(spoilt);
  await expect(replayJournal(db, journal, [erase])).rejects.toThrow(JournalUnreadable);
  expect(await erasedIn(db)).toEqual([{ member_id: 'b', epoch: 1 }]);
});

test('a service starts beside an entry that cannot be read, says so, and acts on it when it was mended', async () => {
  const journal = openFolder();
  const entry = entryOf('a', 1);
  await journal.append(entry);
  const whole = await readFile(fileOf(entry.eventId));
  await writeFile(fileOf(entry.eventId), 'torn');
  const replay = await startReplay({ db, journal, subscriptions: [erase], log: openLog('test', 'silent') });
  expect(replay.state()).toBe('degraded');
  await writeFile(fileOf(entry.eventId), whole);
  await waitFor(() => replay.state() === 'ready', { what: 'the entry to be read', timeoutMs: 20_000 });
  expect(await erasedIn(db)).toEqual([{ member_id: 'a', epoch: 1 }]);
  replay.stop();
});

test('a service starts while the journal is away, says so, and makes up for it when the journal answers', async () => {
  const entry = entryOf('a', 1);
  await openBucket().append(entry);
  s3.answer503(true);
  const replay = await startReplay({
    db,
    journal: openBucket(),
    subscriptions: [erase],
    log: openLog('test', 'silent'),
  });
  expect(replay.state()).toBe('degraded');
  expect(await erasedIn(db)).toEqual([]);
  s3.answer503(false);
  await waitFor(() => replay.state() === 'ready', { what: 'the journal to be read', timeoutMs: 20_000 });
  expect(await erasedIn(db)).toEqual([{ member_id: 'a', epoch: 1 }]);
  replay.stop();
});

test('a service starts while the journal refuses to be read, and says so', async () => {
  const journal = openBucket('a wrong secret');
  const replay = await startReplay({ db, journal, subscriptions: [erase], log: openLog('test', 'silent') });
  expect(replay.state()).toBe('degraded');
  replay.stop();
});

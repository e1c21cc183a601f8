import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { sql } from 'kysely';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { openDatabase } from '../db/database.ts';
import { newId } from '../process/ids.ts';
import { countQuarantined, findRisky } from './risky-work-store.ts';

const program = fileURLToPath(new URL('../testing/risky-process.ts', import.meta.url));
/** So that a process that died is known as dead soon, and one that a busy machine holds up is not taken for one. */
const silentMs = 2_500;
const patience = { timeoutMs: 30_000 };
const database = await createTestDatabase();
const db = openDatabase<object>({ url: database.url, poolSizeMax: 5, onTrouble: () => {} });
await sql`create table risky_work (thing text primary key, process_id uuid, counts boolean not null default false,
  seen_at timestamptz not null, start_count integer not null, death_count integer not null default 0,
  quarantined_at timestamptz)`.execute(db);

afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const said = z.object({ thing: z.string(), what: z.string() });

type How = 'done' | 'hang' | 'fail' | 'die';

/** A process of its own; it ends with the test. */
async function startProcess({ diesOfAll = false, restMs = 0 } = {}) {
  const RISKY_TASK = JSON.stringify({ url: database.url, silentMs, restMs, diesOfAll });
  const child = fork(program, {
    env: { PATH: process.env.PATH, RISKY_TASK },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const heard: z.output<typeof said>[] = [];
  child.on('message', (message) => heard.push(said.parse(message)));
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const hears = (what: string, thing = '') =>
    waitFor(() => heard.some((one) => one.what === what && one.thing === thing), {
      what: `${thing} ${what}`,
      ...patience,
    });
  await hears('ready');
  return {
    begin: (thing: string, how: How) => void child.send({ thing, how }),
    heard: () => heard.map(({ thing, what }) => `${thing} ${what}`),
    hears,
    /** Asks it to stop; it gives back what it has at work only when it has the time. */
    stop: async (withTime: boolean) => {
      child.send({ stop: withTime });
      await hears('stopped');
    },
    signal: (name: NodeJS.Signals) => void child.kill(name),
    ended,
  };
}

/** Dies of the thing, as of each try, in a process of its own. */
async function dieOf(thing: string): Promise<void> {
  const victim = await startProcess();
  victim.begin(thing, 'die');
  await victim.ended;
}

test('work that ends well, or with an error like others, leaves nothing behind', async () => {
  const [good, bad] = [newId(), newId()];
  const one = await startProcess();
  one.begin(good, 'done');
  one.begin(bad, 'fail');
  await one.hears('done', good);
  await one.hears('failed', bad);
  expect([await findRisky(db, good), await findRisky(db, bad)]).toEqual([undefined, undefined]);
});

test('what three processes died of while it was alone is quarantined; what was in its company is not', async () => {
  const [poison, good] = [newId(), newId()];
  const first = await startProcess();
  first.begin(good, 'hang');
  await first.hears('began', good);
  first.begin(poison, 'die');
  await first.ended;
  const before = await countQuarantined(db);
  // In company it did not count: three more.
  for (let count = 0; count < 3; count++) await dieOf(poison);
  const last = await startProcess();
  last.begin(poison, 'done');
  last.begin(good, 'done');
  await last.hears('quarantined', poison);
  await last.hears('done', good);
  expect(last.heard()).not.toContain(`${poison} began`);
  expect(await findRisky(db, poison)).toMatchObject({ deathCount: 3 });
  expect(await findRisky(db, good)).toBeUndefined();
  expect((await countQuarantined(db)) - before).toBe(1);
  // And for ever.
  last.begin(poison, 'done');
  await waitFor(() => last.heard().filter((line) => line === `${poison} quarantined`).length === 2, {
    what: 'the second refusal',
  });
});

test('a suspect runs alone, and others wait until it is done', async () => {
  const [suspect, other] = [newId(), newId()];
  await dieOf(suspect);
  const one = await startProcess();
  one.begin(other, 'hang');
  await one.hears('began', other);
  one.begin(suspect, 'done');
  // It waits for the one that hangs, and whoever comes later waits behind it.
  await waitFor(async () => (await findRisky(db, suspect))?.processId === null, {
    what: 'the death to be known',
    ...patience,
  });
  const later = newId();
  one.begin(later, 'done');
  const two = await startProcess();
  two.begin(suspect, 'done');
  await two.hears('done', suspect);
  expect(one.heard()).not.toContain(`${suspect} began`);
  expect(one.heard()).not.toContain(`${other} done`);
});

test('a suspect rests until the process that died is likely replaced', async () => {
  const suspect = newId();
  await dieOf(suspect);
  const patient = await startProcess({ restMs: 3_600_000 });
  patient.begin(suspect, 'done');
  await patient.hears('held', suspect);
  expect(patient.heard()).not.toContain(`${suspect} began`);
  expect(await findRisky(db, suspect)).toMatchObject({ deathCount: 0 });
});

test('processes that are killed from outside quarantine nothing, however often', async () => {
  const things = [newId(), newId()];
  for (let count = 0; count < 4; count++) {
    const victim = await startProcess();
    for (const thing of things) victim.begin(thing, 'hang');
    for (const thing of things) await victim.hears('began', thing);
    victim.signal('SIGKILL');
    await victim.ended;
    const next = await startProcess();
    for (const thing of things) next.begin(thing, 'done');
    for (const thing of things) await next.hears('done', thing);
  }
  for (const thing of things) expect(await findRisky(db, thing)).toBeUndefined();
});

test('a process that was asked to stop and is killed with a suspect at work counts against nothing', async () => {
  const suspect = newId();
  await dieOf(suspect);
  for (let count = 0; count < 3; count++) {
    const stopping = await startProcess();
    stopping.begin(suspect, 'hang');
    await stopping.hears('began', suspect);
    await stopping.stop(false);
    stopping.signal('SIGKILL');
    await stopping.ended;
  }
  const last = await startProcess();
  last.begin(suspect, 'done');
  await last.hears('done', suspect);
  expect(await findRisky(db, suspect)).toBeUndefined();
});

test('a process that stops in time leaves no suspect, and keeps what is known of one', async () => {
  const [plain, suspect] = [newId(), newId()];
  await dieOf(suspect);
  await dieOf(suspect);
  const one = await startProcess();
  one.begin(plain, 'hang');
  await one.hears('began', plain);
  await one.stop(true);
  const two = await startProcess();
  two.begin(suspect, 'hang');
  await two.hears('began', suspect);
  await two.stop(true);
  expect(await findRisky(db, plain)).toBeUndefined();
  expect(await findRisky(db, suspect)).toMatchObject({ processId: null, deathCount: 1 });
});

test('a process that dies of everything says nothing of a suspect', async () => {
  const suspect = newId();
  await dieOf(suspect);
  for (let count = 0; count < 4; count++) {
    const broken = await startProcess({ diesOfAll: true });
    broken.begin(suspect, 'done');
    await broken.ended;
  }
  const whole = await startProcess();
  whole.begin(suspect, 'done');
  await whole.hears('done', suspect);
});

test('what another process has at work is waited for, and refused while that one lives', async () => {
  const thing = newId();
  const [one, two] = [await startProcess(), await startProcess()];
  one.begin(thing, 'hang');
  await one.hears('began', thing);
  two.begin(thing, 'done');
  await two.hears('held', thing);
  expect(await findRisky(db, thing)).toMatchObject({ deathCount: 0 });
});

test('the same thing twice in one process is done twice, and leaves nothing behind', async () => {
  const thing = newId();
  const one = await startProcess();
  for (let count = 0; count < 2; count++) one.begin(thing, 'done');
  await waitFor(() => one.heard().filter((line) => line === `${thing} done`).length === 2, { what: 'both to be done' });
  await waitFor(async () => (await findRisky(db, thing)) === undefined, { what: 'nothing to be left' });
});

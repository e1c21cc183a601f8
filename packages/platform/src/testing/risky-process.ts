// Does risky work on what its parent names: a message `{ thing, how }` begins it, `began`, `done` and how else it ended come back.
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { openDatabase } from '../db/database.ts';
import { openLog } from '../process/log.ts';
import { HeldElsewhere, Quarantined, RiskyWork } from '../risky-work/risky-work.ts';

const task = z.object({ url: z.string(), silentMs: z.number(), restMs: z.number(), diesOfAll: z.boolean() });
/** done: it ends well after a moment; hang: it never ends; fail: it throws; die: the process crashes in it, as native code does. */
const order = z.union([
  z.object({ thing: z.string(), how: z.enum(['done', 'hang', 'fail', 'die']) }),
  z.object({ stop: z.boolean() }),
]);

const { url, silentMs, restMs, diesOfAll } = task.parse(JSON.parse(process.env.RISKY_TASK ?? ''));
const db = openDatabase<object>({ url, poolSizeMax: 2, onTrouble: () => {} });
const risky = new RiskyWork({
  db,
  log: openLog('risky', process.env.TEST_LOG_LEVEL ?? 'silent'),
  silentMs,
  restMs,
  prove: async () => {
    if (diesOfAll) process.abort();
  },
});
const never = new AbortController().signal;
const say = (thing: string, what: string) => process.send?.({ thing, what });

async function run(thing: string, how: 'done' | 'hang' | 'fail' | 'die'): Promise<void> {
  try {
    await risky.run(thing, never, async () => {
      say(thing, 'began');
      if (how === 'hang') await new Promise(() => {});
      if (how === 'die') process.abort();
      await delay(50);
      if (how === 'fail') throw new Error('an error like others');
    });
    say(thing, 'done');
  } catch (error) {
    if (error instanceof Quarantined) say(thing, 'quarantined');
    else say(thing, error instanceof HeldElsewhere ? 'held' : 'failed');
  }
}

process.on('message', async (message) => {
  const wanted = order.parse(message);
  if ('thing' in wanted) return void run(wanted.thing, wanted.how);
  await risky.stopCounting();
  if (wanted.stop) await risky.close();
  say('', 'stopped');
});
say('', 'ready');

import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type Databases, queueServices } from './databases.ts';

/** Longest wait for the queues after a fault. */
export const drainMaxMs = 120_000;
const askEveryMs = 500;

const waiting = z.object({ name: z.string(), state: z.string(), count: z.number() });

export interface Drain {
  /** Undefined when it took too long. */
  readonly seconds: number | undefined;
  /** What the queues held then: "upload: 3 publish-photo (retry)". */
  readonly stuck: readonly string[];
  /** What was done last. */
  readonly last: readonly string[];
}

/**
 * Waits until no queue of any service holds a job that is due, and no outbox holds an event. A job that waits for its next try counts as due. A job
 * for a later time does not, and neither do pg-boss's own queues, by which it starts jobs at their times.
 */
export async function awaitDrain(databases: Databases, maxMs = drainMaxMs): Promise<Drain> {
  const start = performance.now();
  for (let last: readonly string[] = []; ; ) {
    const due = await listDue(databases);
    const elapsed = performance.now() - start;
    if (due.length === 0) return { seconds: Math.round(elapsed / 100) / 10, stuck: [], last };
    if (elapsed > maxMs) return { seconds: undefined, stuck: due, last };
    last = due;
    await delay(askEveryMs);
  }
}

async function listDue(databases: Databases): Promise<string[]> {
  const lists = await Promise.all(
    queueServices.map(async (service) => {
      try {
        const rows = await databases.query(
          service,
          waiting,
          `select name, state::text as state, count(*)::int as count from jobs.job
           where name not like '\\_\\_pgboss%'
             and (state in ('retry', 'active') or (state = 'created' and start_after <= now()))
           group by name, state
           union all
           select 'events-to-' || subscriber, 'waiting', count(*)::int from outbox_events group by subscriber
           order by name, state`,
        );
        return rows.map(({ name, state, count }) => `${service}: ${count} ${name} (${state})`);
      } catch (error) {
        return [`${service}: its database does not answer (${error instanceof Error ? error.message : error})`];
      }
    }),
  );
  return lists.flat();
}

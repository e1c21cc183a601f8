import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Databases } from '../databases.ts';
import type { Fault } from './fault.ts';

const quarantineMaxMs = 900_000;
const lookEveryMs = 200;
/** Photos that are sent with it, so that some are at work in the process that dies. */
const company = { count: 12, everyMs: 50, acceptedMin: 6 };

/**
 * One photo of which the engines die, among good ones. Who died is started again, as a guard does, until the photo is quarantined. At no time
 * may all replicas be gone.
 */
export const poison: Fault = async ({ cluster, databases, uploadPoison, uploadBurst, progress }) => {
  const wanted = cluster.replicas('ai').length;
  const photoId = await uploadPoison();
  await uploadBurst(company);
  const deadline = performance.now() + quarantineMaxMs;
  let [deaths, goneMs] = [0, 0];
  let starting: Promise<unknown> | undefined;
  while (!(await isQuarantined(databases, photoId))) {
    if (performance.now() > deadline) throw new Error(`the poisoned photo ${photoId} was not quarantined`);
    const living = cluster.replicas('ai').length;
    if (living === 0) goneMs += lookEveryMs;
    if (living < wanted && starting === undefined) {
      deaths += 1;
      progress(`a process of ai died of the poisoned photo; ${living} live`);
      starting = cluster
        .startReplica('ai')
        .catch((error: unknown) => progress(`a process of ai did not start: ${error}`))
        .finally(() => {
          starting = undefined;
        });
    }
    await delay(lookEveryMs);
  }
  await starting;
  progress(`the poisoned photo is quarantined after ${deaths} deaths`);
  if (goneMs > 0) throw new Error(`no process of ai lived for ${goneMs} ms`);
};

async function isQuarantined(databases: Databases, photoId: string): Promise<boolean> {
  const rows = await databases
    .query('ai', z.object({ thing: z.string() }), 'select thing from risky_work where quarantined_at is not null')
    // On a busy machine it may not answer in time, and is asked again.
    .catch(() => []);
  return rows.some(({ thing }) => thing === `photo/${photoId}`);
}

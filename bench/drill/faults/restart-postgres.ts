import { setTimeout as delay } from 'node:timers/promises';
import { queueServices } from '../databases.ts';
import type { Fault } from './fault.ts';

/** After a database answers again, pools open their connections anew; in milliseconds. */
const graceMs = 3_000;
const askEveryMs = 50;

/** The databases of user, photo, transaction and upload: one server. */
export const restartPostgres: Fault = async ({ cluster, databases, away, progress }) => {
  const back = away('postgres', graceMs);
  const start = performance.now();
  await cluster.postgres.restart();
  while (!(await Promise.all(queueServices.map((service) => databases.isThere(service)))).every(Boolean)) {
    await delay(askEveryMs);
  }
  back();
  progress(`PostgreSQL was away for ${Math.round(performance.now() - start)} ms`);
};

/** ai's database. */
export const restartFaces: Fault = async ({ cluster, databases, away, progress }) => {
  const back = away('faces', graceMs);
  const start = performance.now();
  await cluster.faces.restart();
  while (!(await databases.isThere('ai'))) await delay(askEveryMs);
  back();
  progress(`the database of the faces was away for ${Math.round(performance.now() - start)} ms`);
};

import type { Fault } from './fault.ts';

/** What the replicas share is forgotten. */
export const restartRedis: Fault = async ({ cluster, away, progress }) => {
  const back = away('redis', 0);
  await cluster.redis.restart();
  back();
  progress('Redis restarted');
};

import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';

/** Nobody can be found anew; whoever is known stays so. */
export const consulAway: Fault = async ({ cluster, plan, away, progress }) => {
  const back = away('consul', 0);
  await cluster.consul.away();
  progress(`Consul away for ${plan.consulAwaySeconds} s`);
  await delay(plan.consulAwaySeconds * 1000);
  await cluster.consul.back();
  back();
};

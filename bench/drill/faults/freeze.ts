import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceName } from '@kilas/installation/service-names.ts';
import type { Fault } from './fault.ts';

/** One replica stands still, its connections open, and goes on later as if nothing had been. */
export function freeze(service: ServiceName): Fault {
  return async ({ cluster, plan, progress }) => {
    const victim = cluster.replicas(service).at(-1);
    if (victim === undefined) throw new Error(`no replica of ${service} lives`);
    victim.signal('SIGSTOP');
    progress(`${victim.id} frozen for ${plan.freezeSeconds} s`);
    await delay(plan.freezeSeconds * 1000);
    victim.signal('SIGCONT');
    progress(`${victim.id} thawed`);
  };
}

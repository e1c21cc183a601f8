import type { ServiceName } from '@kilas/installation/service-names.ts';
import type { Fault } from './fault.ts';

/** So many uploads come on top, one after the other; so many of them are accepted when their service is killed. */
const burst = { count: 24, everyMs: 50, acceptedMin: 12 };

/** One replica dies at once, as of a power cut, and a new process takes its place. */
export function kill(service: ServiceName): Fault {
  return async ({ cluster, uploadBurst, progress }) => {
    const [victim] = cluster.replicas(service);
    if (victim === undefined) throw new Error(`no replica of ${service} lives`);
    if (service === 'upload') await uploadBurst(burst);
    victim.signal('SIGKILL');
    await victim.ended;
    progress(`${victim.id} (process ${victim.pid}) killed`);
    const replica = await cluster.startReplica(service);
    progress(`${replica.id} started`);
  };
}

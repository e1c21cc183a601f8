import type { ServiceName } from '@kilas/installation/service-names.ts';
import type { Fault } from './fault.ts';

/** Every replica gives way to a new process: the new one first, then SIGTERM to the old one. */
export function roll(service: ServiceName): Fault {
  return async ({ cluster, progress }) => {
    for (const old of [...cluster.replicas(service)]) {
      const replica = await cluster.startReplica(service);
      await old.stop();
      progress(`${old.id} gave way to ${replica.id}`);
    }
  };
}

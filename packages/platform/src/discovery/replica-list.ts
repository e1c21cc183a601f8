import { EventEmitter, once } from 'node:events';
import type { Readiness } from '../process/readiness.ts';

/** One process of a service. */
export interface Replica {
  /** Never given to another process. */
  readonly id: string;
  /** Of its RPC port, `http://10.0.0.2:5001`. */
  readonly url: string;
  /** Of its REST port, where that is known. */
  readonly httpUrl?: string;
}

/** The replicas of one service as they are known now. */
export class ReplicaList {
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #replicas: readonly Replica[];

  constructor(replicas: readonly Replica[] = []) {
    this.#replicas = replicas;
  }

  get replicas(): readonly Replica[] {
    return this.#replicas;
  }

  replace(replicas: readonly Replica[]): void {
    this.#replicas = replicas;
    this.#changes.emit('change', replicas);
  }

  onChange(listener: (replicas: readonly Replica[]) => void): void {
    this.#changes.on('change', listener);
  }

  /** Resolves at the next change, or when the signal aborts. */
  async changed(signal: AbortSignal): Promise<void> {
    await once(this.#changes, 'change', { signal }).catch(() => undefined);
  }
}

/** Knows where the replicas of services are. */
export interface Discovery {
  /** Follows the service from the first time on. */
  replicasOf(service: string): ReplicaList;
  /** What of it is worth telling in readiness; nothing in it is ever `away`, so that no service falls with another. */
  parts(): Readiness;
  close(): void;
}

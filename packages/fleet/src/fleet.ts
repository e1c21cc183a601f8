import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceName } from '@kilas/installation/service-names.ts';
import type { Replica, ReplicaProcess } from './replica-process.ts';

/** Wait before a process that died is started again, first and longest, in milliseconds; it doubles with each death. */
const againMinMs = 500;
const againMaxMs = 30_000;
/** A process that lived so long was well: its death counts as the first one. */
const wellAfterMs = 30_000;
/** Starts of a process that nobody waits for before the start of the whole is given up. */
const startAttemptsMax = 3;

export interface FleetOptions {
  /** Starts the process of a place, whose id it gets, and does not wait. */
  readonly spawn: (service: ServiceName, id: string) => Promise<ReplicaProcess>;
  /** Resolves when the proxy passes requests on to this process. */
  readonly untilKnown: (replica: ReplicaProcess) => Promise<void>;
  readonly isSupervised: boolean;
  readonly onProgress: (message: string) => void;
}

interface Place {
  readonly service: ServiceName;
  readonly id: string;
  current: ReplicaProcess | undefined;
  isReady: boolean;
  deaths: number;
}

/** The processes of all services, each in a place with a number; who dies is replaced, unless it was stopped. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #places = new Map<string, Place>();
  readonly #stopping = new AbortController();
  /** Starts that are under way. */
  readonly #starting = new Set<Promise<Replica>>();

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  replicas(service: ServiceName): readonly Replica[] {
    return [...this.#places.values()].flatMap((place) =>
      place.service === service && place.isReady && place.current !== undefined ? place.current : [],
    );
  }

  /** Starts one process more, in the first place that is free; resolves when it is ready and known. */
  async start(service: ServiceName): Promise<Replica> {
    const place = this.#takePlace(service);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#run(place);
      } catch (error) {
        if (attempt === startAttemptsMax || this.#stopping.signal.aborted) {
          this.#places.delete(place.id);
          throw error;
        }
        this.#options.onProgress(`${sentenceOf(error)}: trying again`);
        await this.#rest(place);
      }
    }
  }

  /** Ends all; no process is started any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#places.values()].map(({ current }) => current?.stop()));
    await Promise.allSettled(this.#starting);
  }

  #takePlace(service: ServiceName): Place {
    for (let number = 1; ; number++) {
      const id = `${service}-${number}`;
      if (this.#places.has(id)) continue;
      const place = { service, id, current: undefined, isReady: false, deaths: 0 };
      this.#places.set(id, place);
      return place;
    }
  }

  #run(place: Place): Promise<Replica> {
    const starting = this.#spawn(place);
    this.#starting.add(starting);
    starting.catch(() => {}).finally(() => this.#starting.delete(starting));
    return starting;
  }

  async #spawn(place: Place): Promise<Replica> {
    this.#stopping.signal.throwIfAborted();
    const replica = await this.#options.spawn(place.service, place.id);
    place.current = replica;
    try {
      if (this.#stopping.signal.aborted) throw new Error(`${place.id} is not wanted any more`);
      await replica.untilReady();
      await Promise.race([this.#options.untilKnown(replica), failWhenEnded(replica)]);
    } catch (error) {
      await replica.stop();
      throw error;
    }
    place.isReady = true;
    void this.#watch(place, replica, performance.now());
    return replica;
  }

  async #watch(place: Place, replica: ReplicaProcess, readyAt: number): Promise<void> {
    const ending = await replica.ending;
    place.isReady = false;
    place.current = undefined;
    const isWanted = !replica.isStopped && !this.#stopping.signal.aborted;
    if (isWanted) {
      const then = this.#options.isSupervised ? ': it is started again' : '';
      this.#options.onProgress(`${place.id} (process ${replica.pid}) ended by itself with ${ending}${then}`);
    }
    if (!isWanted || !this.#options.isSupervised) {
      this.#places.delete(place.id);
      return;
    }
    if (performance.now() - readyAt > wellAfterMs) place.deaths = 0;
    await this.#replace(place);
  }

  async #replace(place: Place): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#rest(place);
      if (this.#stopping.signal.aborted) break;
      try {
        const replica = await this.#run(place);
        this.#options.onProgress(`${place.id} is back as process ${replica.pid}`);
        return;
      } catch (error) {
        if (!this.#stopping.signal.aborted) this.#options.onProgress(`${sentenceOf(error)}: trying again`);
      }
    }
  }

  async #rest(place: Place): Promise<void> {
    const restMs = Math.min(againMaxMs, againMinMs * 2 ** place.deaths);
    place.deaths += 1;
    await delay(restMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
  }
}

async function failWhenEnded(replica: ReplicaProcess): Promise<never> {
  throw new Error(`${replica.id} ended with ${await replica.ending} before it was known`);
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

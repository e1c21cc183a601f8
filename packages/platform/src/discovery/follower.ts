import { setTimeout as delay } from 'node:timers/promises';
import type Consul from 'consul';
import { z } from 'zod';
import { type Replica, ReplicaList } from './replica-list.ts';

/** A query that blocks for so long without news is asked anew. */
const wait = '20s';
const retryMinMs = 250;
const retryMaxMs = 5_000;

const healthEntries = z.array(
  z.object({
    Node: z.object({ Address: z.string() }),
    Service: z.object({
      ID: z.string(),
      Address: z.string(),
      Port: z.number(),
      Meta: z.object({ http_port: z.string().optional() }).nullish(),
    }),
    Checks: z.array(z.object({ Status: z.string() })).default([]),
  }),
);

export interface FollowerOptions {
  readonly consul: Consul;
  /** As registered. */
  readonly name: string;
  /** How long the last known replicas are kept while Consul says that there are none, in milliseconds. */
  readonly keepMs: number;
  readonly onTrouble: (error: Error) => void;
  /** Called when Consul answers again. */
  readonly onBack: () => void;
}

/**
 * Keeps the list of a service's passing replicas by blocking queries. If none passes, the list holds the replicas that have a part away and answer
 * so themselves. While Consul is away the list stays as it is. If Consul knew replicas and suddenly knows none, the list also stays for a while:
 * an agent that lost its memory gets it back within seconds, and replicas whose checks all fail at once are better than none.
 */
export class Follower {
  readonly list = new ReplicaList();
  readonly #options: FollowerOptions;
  readonly #closing = new AbortController();
  #state: 'unknown' | 'found' | 'none' = 'unknown';
  #isConnected = false;
  #failureCount = 0;
  #forgetting: NodeJS.Timeout | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#watch();
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Whether Consul knew a passing replica when it was heard last. */
  get hasReplica(): boolean {
    return this.#state === 'found';
  }

  close(): void {
    this.#closing.abort();
    clearTimeout(this.#forgetting);
    this.list.replace([]);
  }

  #watch(): void {
    const { consul, name } = this.#options;
    // Ends at the first error: the one that follows begins without an index, which an agent that started anew would not reach.
    const options = { service: name, wait };
    const watch = consul.watch({ method: consul.health.service, options, maxAttempts: 0 });
    const end = () => watch.end();
    this.#closing.signal.addEventListener('abort', end, { once: true });
    watch.on('change', (data: unknown) => this.#take(data));
    watch.once('error', (error: Error) => {
      this.#closing.signal.removeEventListener('abort', end);
      this.#watchAgain(error);
    });
  }

  async #watchAgain(error: Error): Promise<void> {
    this.#isConnected = false;
    clearTimeout(this.#forgetting);
    this.#forgetting = undefined;
    this.#options.onTrouble(error);
    const pauseMs = Math.min(retryMinMs * 2 ** this.#failureCount, retryMaxMs) * (0.5 + Math.random() / 2);
    this.#failureCount += 1;
    await delay(pauseMs, undefined, { signal: this.#closing.signal, ref: false }).catch(() => undefined);
    if (!this.#closing.signal.aborted) this.#watch();
  }

  #take(data: unknown): void {
    if (this.#closing.signal.aborted) return;
    const entries = healthEntries.parse(data);
    const passing = entries.filter((entry) => worstOf(entry) === 'passing');
    const warned = entries.filter((entry) => worstOf(entry) === 'warning');
    const replicas = (passing.length > 0 ? passing : warned).map(toReplica);
    const isBack = this.#failureCount > 0;
    this.#isConnected = true;
    this.#failureCount = 0;
    this.#state = passing.length > 0 ? 'found' : 'none';
    if (isBack) this.#options.onBack();
    if (replicas.length > 0) {
      clearTimeout(this.#forgetting);
      this.#forgetting = undefined;
      this.list.replace(replicas);
    } else if (this.list.replicas.length > 0) {
      this.#forgetting ??= setTimeout(() => this.list.replace([]), this.#options.keepMs).unref();
    }
  }
}

/** What Consul makes of all checks of a replica and of its node. */
function worstOf({ Checks }: z.output<typeof healthEntries>[number]): 'passing' | 'warning' | 'critical' {
  if (Checks.every(({ Status }) => Status === 'passing')) return 'passing';
  return Checks.every(({ Status }) => Status === 'passing' || Status === 'warning') ? 'warning' : 'critical';
}

function toReplica({ Node, Service }: z.output<typeof healthEntries>[number]): Replica {
  const address = Service.Address || Node.Address;
  const host = address.includes(':') ? `[${address}]` : address;
  const httpPort = Service.Meta?.http_port;
  return {
    id: Service.ID,
    url: `http://${host}:${Service.Port}`,
    ...(httpPort === undefined ? {} : { httpUrl: `http://${host}:${httpPort}` }),
  };
}

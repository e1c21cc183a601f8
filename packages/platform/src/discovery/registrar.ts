import { setTimeout as delay } from 'node:timers/promises';
import type Consul from 'consul';
import type { PartState } from '../process/readiness.ts';
import { trafficName } from './health.ts';
import { proxyTags } from './proxy-tags.ts';

const timeoutMs = 2_000;
/** A repetition changes nothing at an agent that knows us, and brings us back to one that forgot. */
const repeatMs = 5_000;
const retryMinMs = 250;
const retryMaxMs = 5_000;
/** Consul takes no less. */
const deregisterAfter = '1m';

/** What others are told of this process. */
export interface Presence {
  readonly service: string;
  /** Differs between all replicas, and between a replica and the one that takes its place. */
  readonly replicaId: string;
  /** Where the others and Consul reach it. */
  readonly host: string;
  readonly rpcPort: number;
  readonly httpPort: number;
  readonly version: string;
  /** Whether gRPC is served over TLS. */
  readonly isSecure?: boolean;
  /** What the service's routes begin with. */
  readonly prefixes: readonly string[];
}

/** The name under which a service is registered and found. */
export function registeredName(service: string): string {
  return `kilas-${service}`;
}

/** Makes this process known to Consul and keeps it known, again and again with back-off, until it is withdrawn. */
export class Registrar {
  readonly #consul: Consul;
  readonly #onTrouble: (error: Error) => void;
  #state: PartState = 'ready';
  #presence: Presence | undefined;
  #hurry = new AbortController();
  #isWithdrawn = false;
  #running: Promise<void> | undefined;

  constructor(consul: Consul, onTrouble: (error: Error) => void) {
    this.#consul = consul;
    this.#onTrouble = onTrouble;
  }

  /** `degraded` while this process wants to be known and is not. */
  get state(): PartState {
    return this.#state;
  }

  /** Waits for nothing: a service starts without Consul. */
  announce(presence: Presence): void {
    this.#presence = presence;
    this.#state = 'degraded';
    this.#running = this.#keepKnown(presence);
  }

  /** Registers now instead of at the next repetition. */
  hurry(): void {
    this.#hurry.abort();
    this.#hurry = new AbortController();
  }

  /** Never rejects: what Consul does not hear it finds out by its checks. */
  async withdraw(): Promise<void> {
    this.#isWithdrawn = true;
    this.hurry();
    // A registration that is under way would come after this one's end.
    await this.#running;
    if (this.#presence === undefined) return;
    const request = { id: this.#presence.replicaId, timeout: timeoutMs };
    await this.#consul.agent.service.deregister(request).catch(this.#onTrouble);
  }

  async #keepKnown(presence: Presence): Promise<void> {
    const registration = { ...registrationOf(presence), timeout: timeoutMs };
    let failureCount = 0;
    while (!this.#isWithdrawn) {
      const { signal } = this.#hurry;
      try {
        await this.#consul.agent.service.register(registration);
        failureCount = 0;
        this.#state = 'ready';
      } catch (error) {
        failureCount += 1;
        this.#state = 'degraded';
        this.#onTrouble(error instanceof Error ? error : new Error(String(error)));
      }
      const pauseMs = failureCount === 0 ? repeatMs : Math.min(retryMinMs * 2 ** failureCount, retryMaxMs);
      await delay(pauseMs * (0.75 + Math.random() / 4), undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}

function registrationOf(presence: Presence) {
  const { service, replicaId, rpcPort, httpPort, version } = presence;
  const host = presence.host.includes(':') ? `[${presence.host}]` : presence.host;
  const often = { timeout: '2s', deregistercriticalserviceafter: deregisterAfter };
  return {
    name: registeredName(service),
    id: replicaId,
    address: presence.host,
    port: rpcPort,
    meta: { version, http_port: String(httpPort) },
    tags: proxyTags(presence),
    checks: [
      {
        ...often,
        checkid: `${replicaId}:rpc`,
        name: 'gRPC health',
        // A part that is away takes nobody off: see the next one.
        grpc: `${host}:${rpcPort}/${trafficName}`,
        interval: '1s',
        ...(presence.isSecure ? { grpcusetls: true, tlsservername: registeredName(service) } : {}),
      },
      {
        ...often,
        checkid: `${replicaId}:http`,
        name: 'readiness',
        // Passing, or a warning while a part is away: the last who can still say 503 stay where they are found.
        http: `http://${host}:${httpPort}/readyz?away=warning`,
        interval: '2s',
      },
    ],
  };
}

import { EventEmitter, once } from 'node:events';
import { Code, ConnectError } from '@connectrpc/connect';
import { Health, HealthCheckResponse_ServingStatus as Status } from '@kilas/contracts/gen/grpc/health/v1/health_pb.js';
import type { Readiness } from '../process/readiness.ts';
import type { RpcRoutes } from '../rpc/rpc.ts';

/** However many ask, the service is asked no more often. */
const freshMs = 500;
const watchIntervalMs = 1_000;
const watchersMax = 100;

/** Asked for in place of a service: whether it takes calls at all, although parts of it may be away. */
export const trafficName = 'kilas.traffic';

/**
 * Tells health checkers, which have no service token, whether this process wants calls: the gRPC health checking protocol
 * (https://github.com/grpc/grpc/blob/master/doc/health-checking.md).
 */
export class ServiceHealth {
  readonly #ready: () => Promise<Readiness>;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #state: 'open' | 'draining' | 'closed' = 'open';
  #known: { readonly atMs: number; readonly answer: Promise<boolean> } | undefined;
  #watcherCount = 0;

  constructor(ready: () => Promise<Readiness>) {
    this.#ready = ready;
  }

  get isDraining(): boolean {
    return this.#state !== 'open';
  }

  /** False while a part is away, and for good once it drains. */
  async isServing(): Promise<boolean> {
    if (this.#known === undefined || performance.now() - this.#known.atMs > freshMs) {
      const answer = this.#ready().then((parts) => Object.values(parts).every((state) => state !== 'away'));
      this.#known = { atMs: performance.now(), answer: answer.catch(() => false) };
    }
    return (await this.#known.answer) && !this.isDraining;
  }

  /** From here on it wants no calls. */
  drain(): void {
    this.#state = 'draining';
    this.#changes.emit('change');
  }

  /** Ends the watches, which would keep their connections open. */
  close(): void {
    this.#state = 'closed';
    this.#changes.emit('change');
  }

  /** `served` are the names of proto services that may be asked for, besides the empty one. */
  routes(served: ReadonlySet<string>): RpcRoutes {
    const statusOf = async (service: string): Promise<Status> => {
      if (service === trafficName) return this.isDraining ? Status.NOT_SERVING : Status.SERVING;
      if (service !== '' && !served.has(service)) return Status.SERVICE_UNKNOWN;
      return (await this.isServing()) ? Status.SERVING : Status.NOT_SERVING;
    };
    return (router) =>
      router.service(
        Health,
        {
          check: async ({ service }) => {
            const status = await statusOf(service);
            if (status === Status.SERVICE_UNKNOWN) throw new ConnectError('no such service', Code.NotFound);
            return { status };
          },
          watch: ({ service }, { signal }) => this.#watch(() => statusOf(service), signal),
        },
        // Not the interceptors of the others, which ask who calls.
        { interceptors: [] },
      );
  }

  async *#watch(read: () => Promise<Status>, gone: AbortSignal): AsyncGenerator<{ status: Status }> {
    if (this.#watcherCount >= watchersMax) throw new ConnectError('too many watch', Code.ResourceExhausted);
    this.#watcherCount += 1;
    try {
      let told: Status | undefined;
      while (!gone.aborted && this.#state !== 'closed') {
        const status = await read();
        if (status !== told) yield { status };
        told = status;
        const signal = AbortSignal.any([gone, AbortSignal.timeout(watchIntervalMs)]);
        await once(this.#changes, 'change', { signal }).catch(() => undefined);
      }
    } finally {
      this.#watcherCount -= 1;
    }
  }
}

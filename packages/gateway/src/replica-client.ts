import { finished, Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { callbackify } from 'node:util';
import { Agent, Client, type Dispatcher } from 'undici';
import { Balancer } from './balancer.ts';
import { untouchedBody } from './untouched-body.ts';

/** A process that sent no headers for so long while it was asked to show something is helped out by another one. */
const patienceMs = 2_000;
/** A machine that is gone answers no connection at all. */
const connectMaxMs = 2_000;
/** Until the headers of the reply, longer than a service lets a request take. */
const headersMaxMs = 330_000;

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

type Request = Dispatcher.RequestOptions<unknown>;
type Reply = Dispatcher.ResponseData<unknown>;

/** No process of the service is known. */
export class NoReplicaError extends Error {}

/** Asks the processes of one service over HTTP, each request one of them. */
export class ReplicaClient {
  readonly #balancer: Balancer;
  readonly #patienceMs: number;
  readonly #reused = new Agent({ ...timeouts, connections: 256 });

  constructor(addresses: () => readonly string[], options: { patienceMs?: number } = {}) {
    this.#balancer = new Balancer(addresses);
    this.#patienceMs = options.patienceMs ?? patienceMs;
  }

  /**
   * Resolves with the headers and the body still to come. What changes nothing is asked of a second process when the first
   * one fails or keeps silent; anything else only when no connection came about, so that nothing is done twice.
   */
  async send(request: Request): Promise<Reply> {
    const address = this.#balancer.choose();
    if (address === undefined) throw new NoReplicaError('no process of this service is known');
    return safeMethods.has(request.method) ? this.#show(request, address) : this.#change(request, address);
  }

  /** For libraries that expect a client of undici. */
  request<Opaque = null>(options: Dispatcher.RequestOptions<Opaque>): Promise<Dispatcher.ResponseData<Opaque>>;
  request<Opaque = null>(
    options: Dispatcher.RequestOptions<Opaque>,
    callback: (error: Error | null, data: Dispatcher.ResponseData<Opaque>) => void,
  ): void;
  request(options: Request, callback?: (error: Error | null, data: Reply) => void): Promise<Reply> | undefined {
    if (callback === undefined) return this.send(options);
    callbackify((request: Request) => this.send(request))(options, callback);
    return undefined;
  }

  async close(): Promise<void> {
    await this.#reused.destroy();
  }

  async #change(request: Request, address: string): Promise<Reply> {
    try {
      return await this.#askOnce(request, address);
    } catch (error) {
      if (!isNeverConnected(error)) throw error;
      const other = this.#balancer.choose(address);
      if (other === undefined) throw error;
      return this.#askOnce(request, other);
    }
  }

  /**
   * Asks over a connection of its own: if the other side closed a shared connection at this moment, nobody could tell whether the request had
   * arrived. The connection does not announce its end (`connection: close`). With it, Node.js would break the connection when an answer comes
   * before the end of the body, and the answer would be lost.
   */
  async #askOnce(request: Request, address: string): Promise<Reply> {
    const client = new Client(address, timeouts);
    const source = request.body instanceof Readable ? request.body : undefined;
    const body = source === undefined ? undefined : untouchedBody(source);
    try {
      const reply = await this.#ask(client, address, body === undefined ? request : { ...request, body });
      reply.body.once('close', () => void client.destroy());
      // Nor may our own connection to the client break under such an answer: the rest of the body is let go by.
      if (body !== undefined) finished(body, () => source?.resume());
      return reply;
    } catch (error) {
      await client.destroy();
      throw error;
    }
  }

  async #show(request: Request, address: string): Promise<Reply> {
    const first = this.#attempt(request, address);
    const silent = new AbortController();
    const outcome = await Promise.race([
      first.reply.then(
        (reply) => reply,
        (error: unknown) => ({ error }),
      ),
      delay(this.#patienceMs, undefined, { signal: silent.signal, ref: false }).catch(() => undefined),
    ]);
    silent.abort();
    if (outcome !== undefined && 'statusCode' in outcome) return outcome;
    if (outcome === undefined) this.#balancer.failed(address);
    const other = this.#balancer.choose(address);
    if (other === undefined) return first.reply;
    const second = this.#attempt(request, other);
    if (outcome !== undefined) return second.reply;
    return firstToAnswer(first, second);
  }

  #attempt(request: Request, address: string): Attempt {
    const abort = new AbortController();
    const reply = this.#ask(this.#reused, address, { ...request, signal: abort.signal });
    return { reply, abandon: () => abort.abort() };
  }

  async #ask(client: Dispatcher, address: string, request: Request): Promise<Reply> {
    const end = this.#balancer.begin(address);
    try {
      const reply = await client.request({ ...request, origin: address });
      this.#balancer.answered(address);
      // Whoever destroys a body that nobody reads yet, as after the client left, would end this process by its error.
      reply.body.on('error', () => {}).once('close', end);
      return reply;
    } catch (error) {
      end();
      // What the client or we broke off says nothing of the process.
      if (isOfProcess(error)) this.#balancer.failed(address);
      throw error;
    }
  }
}

const timeouts = {
  connect: { timeout: connectMaxMs },
  headersTimeout: headersMaxMs,
  // Between parts of a body: a stream of events may be silent for long, and a client that leaves ends it.
  bodyTimeout: 0,
};

interface Attempt {
  readonly reply: Promise<Reply>;
  abandon(): void;
}

async function firstToAnswer(first: Attempt, second: Attempt): Promise<Reply> {
  const attempts = [first, second];
  const won = await Promise.any(attempts.map(async (attempt) => ({ attempt, reply: await attempt.reply })));
  for (const attempt of attempts) {
    if (attempt === won.attempt) continue;
    attempt.abandon();
    attempt.reply.then(({ body }) => body.destroy()).catch(() => {});
  }
  return won.reply;
}

const neverConnectedCodes = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const ofProcessCodes = new Set([
  ...neverConnectedCodes,
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
]);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Whether an attempt ended before anything of the request left. */
function isNeverConnected(error: unknown): boolean {
  return neverConnectedCodes.has(codeOf(error));
}

function isOfProcess(error: unknown): boolean {
  return ofProcessCodes.has(codeOf(error));
}

import { type ClientHttp2Stream, constants, type Http2Session, type SecureClientSessionOptions } from 'node:http2';
import { setTimeout as delay } from 'node:timers/promises';
import { Code, ConnectError, type Transport } from '@connectrpc/connect';
import { Http2SessionManager } from '@connectrpc/connect-node';
import { noteFailure } from './call-failure.ts';
import type { Replica } from './replica-list.ts';

/** A peer that froze or vanished is noticed, and its calls fail, after the two together. */
const keepAliveIntervalMs = 1_000;
const keepAliveAnswerMaxMs = 2_000;
const idleConnectionTimeoutMs = 300_000;
const connectTimeoutMs = 2_000;
const pingAnswerMaxMs = 500;
const restMs = 5_000;
const restMaxMs = 30_000;

/** What a transport asks of a session manager. */
export type Sessions = Pick<Http2SessionManager, 'authority' | 'request' | 'notifyResponseByteRead'>;

/** One connection at a time to one replica, and how it fares. */
export class ReplicaSession {
  readonly replica: Replica;
  readonly transport: Transport;
  readonly #manager: Http2SessionManager;
  #connection: Http2Session | undefined;
  #pinging: Promise<boolean> | undefined;
  #callCount = 0;
  #failureCount = 0;
  #restsUntilMs = 0;
  #errorSeen: unknown;
  #isLeaving = false;

  constructor(
    replica: Replica,
    openTransport: (url: string, sessions: Sessions) => Transport,
    secure?: SecureClientSessionOptions,
  ) {
    this.replica = replica;
    const url = secure === undefined ? replica.url : replica.url.replace(/^http:/, 'https:');
    this.#manager = new Http2SessionManager(url, { idleConnectionTimeoutMs }, secure);
    this.transport = openTransport(url, {
      authority: this.#manager.authority,
      request: (...request) => this.#request(...request),
      notifyResponseByteRead: (stream) => this.#manager.notifyResponseByteRead(stream),
    });
  }

  get callCount(): number {
    return this.#callCount;
  }

  /** For some seconds after it failed, longer each time, and after its connection died between calls. */
  isResting(): boolean {
    const error = this.#manager.error();
    if (error !== undefined && error !== this.#errorSeen) this.rest();
    return performance.now() < this.#restsUntilMs;
  }

  rest(): void {
    this.#errorSeen = this.#manager.error();
    if (performance.now() < this.#restsUntilMs) return;
    this.#restsUntilMs = performance.now() + Math.min(restMs * 2 ** this.#failureCount, restMaxMs);
    this.#failureCount += 1;
  }

  /** It answered: whatever was wrong is over. */
  recover(): void {
    this.#failureCount = 0;
    this.#restsUntilMs = 0;
  }

  /** Counts a call while it runs. */
  async count<Result>(call: () => Promise<Result>): Promise<Result> {
    this.#callCount += 1;
    try {
      return await call();
    } finally {
      this.#callCount -= 1;
      if (this.#isLeaving) this.leave();
    }
  }

  /** Closes the connection behind the last call. */
  leave(): void {
    this.#isLeaving = true;
    if (this.#callCount === 0) this.#manager.abort();
  }

  /** Whether the process at the other end of the connection answers at all; one that is busy does, one that froze does not. */
  isAlive(): Promise<boolean> {
    // Without a connection there is nothing to wait for: the call fails by itself.
    if (this.#connection === undefined || this.#connection.destroyed) return Promise.resolve(true);
    this.#pinging ??= answersPing(this.#connection, pingAnswerMaxMs).finally(() => {
      this.#pinging = undefined;
    });
    return this.#pinging;
  }

  async #request(...request: Parameters<Sessions['request']>): Promise<ClientHttp2Stream> {
    await this.#connect();
    const stream = await this.#manager.request(...request).catch((error: unknown) => {
      throw error instanceof Error ? noteFailure(error, 'unsent') : error;
    });
    noteErrors(stream);
    if (stream.session !== undefined && stream.session !== this.#connection) {
      this.#connection = stream.session;
      keepAlive(stream.session);
    }
    return stream;
  }

  /** A host that vanished answers no attempt to connect, not even with a refusal. */
  async #connect(): Promise<void> {
    if (['open', 'idle'].includes(this.#manager.state())) return;
    const done = new AbortController();
    const late = delay(connectTimeoutMs, 'late', { signal: done.signal, ref: false }).catch(() => undefined);
    const outcome = await Promise.race([this.#manager.connect(), late]);
    done.abort();
    if (outcome === 'open' || outcome === 'idle') return;
    if (this.#manager.state() === 'connecting') this.#manager.abort(new ConnectError('no connection in time'));
    const cause = this.#manager.error();
    const error = new ConnectError('no connection to the replica', Code.Unavailable, undefined, undefined, cause);
    throw noteFailure(error, 'unsent');
  }
}

/** A server that closes refuses the streams that it did not look at (RFC 9113, section 8.7). */
function noteErrors(stream: ClientHttp2Stream): void {
  stream.prependListener('error', (error: Error) => {
    noteFailure(error, stream.rstCode === constants.NGHTTP2_REFUSED_STREAM ? 'unsent' : 'lost');
  });
}

/**
 * The pings of Http2SessionManager are not used: a ping that falls due after the end of a connection, but before the event that reports the end,
 * throws an error that nobody can catch. So does the error of a connection that the manager dropped.
 */
function keepAlive(connection: Http2Session): void {
  let isAsked = false;
  const timer = setInterval(async () => {
    if (isAsked || connection.destroyed) return;
    isAsked = true;
    const isAlive = await answersPing(connection, keepAliveAnswerMaxMs);
    isAsked = false;
    if (isAlive || connection.destroyed) return;
    connection.destroy(new ConnectError('the replica fell silent', Code.Unavailable), constants.NGHTTP2_CANCEL);
  }, keepAliveIntervalMs).unref();
  connection.once('close', () => clearInterval(timer));
  connection.on('error', () => {});
}

async function answersPing(connection: Http2Session, withinMs: number): Promise<boolean> {
  return new Promise<boolean>((resolve) => {
    const timer = setTimeout(resolve, withinMs, false).unref();
    connection.ping((error) => {
      clearTimeout(timer);
      resolve(error === null);
    });
  }).catch(() => false);
}

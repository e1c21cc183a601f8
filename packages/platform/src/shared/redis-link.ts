import { randomInt } from 'node:crypto';
import { createClient } from 'redis';

/** An answer that takes longer is not waited for, in milliseconds. */
const answerMaxMs = 200;
/** How often Redis is asked whether it takes a write; one that only reads, or is full, is of no use here. */
const probeEveryMs = 1_000;
const probeMaxMs = 500;
const probeKey = 'kilas:probe';
const connectMaxMs = 2_000;
/** A connection on which nothing moves for so long is given up: its other side is frozen, or behind a cable that is cut. */
const silenceMaxMs = 3_000;
const retryMinMs = 50;
const retryMaxMs = 2_000;
/** Commands on their way, sent or not. */
const queuedMax = 10_000;

export type RedisClient = ReturnType<typeof openClient>;

/** A client that reconnects for ever, with jitter, and refuses commands meanwhile. Nothing is connected yet. */
export function openClient(url: string, options: { readonly pingEveryMs?: number } = {}) {
  return createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: queuedMax,
    commandOptions: { timeout: answerMaxMs },
    maintNotifications: 'disabled',
    ...(options.pingEveryMs === undefined ? {} : { pingInterval: options.pingEveryMs }),
    socket: { connectTimeout: connectMaxMs, socketTimeout: silenceMaxMs, reconnectStrategy: retryDelayMs },
  });
}

function retryDelayMs(retries: number): number {
  const limit = Math.min(retryMinMs * 2 ** retries, retryMaxMs);
  return randomInt(limit / 2, limit);
}

/** A connection to Redis that knows at any moment whether asking is worth while. */
export class RedisLink {
  readonly #client: RedisClient;
  readonly #onChange: (isUp: boolean, reason: string) => void;
  readonly #timer: NodeJS.Timeout;
  #isUp: boolean | undefined;
  #isProbing = false;

  /** Connects in the background. `onChange` hears when Redis comes and goes, the first state included. */
  constructor(url: string, onChange: (isUp: boolean, reason: string) => void) {
    this.#client = openClient(url);
    this.#onChange = onChange;
    this.#client.on('ready', () => this.#probe());
    this.#client.on('error', (error) => this.#turn(false, error));
    this.#timer = setInterval(() => this.#probe(), probeEveryMs);
    // Ends only when the client is closed before it ever connected.
    this.#client.connect().catch(() => {});
  }

  get isUp(): boolean {
    return this.#isUp === true;
  }

  /** Rejects at once while Redis is away, and otherwise after a fifth of a second at most. */
  async ask<Answer>(command: (client: RedisClient) => Promise<Answer>): Promise<Answer> {
    if (!this.isUp) throw new Error('Redis is away');
    try {
      return await inTime(command(this.#client));
    } catch (error) {
      // One late or refused answer is no proof.
      this.#probe();
      throw error;
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#client.destroy();
  }

  /** The next one waits for the answer of this one, so that nothing piles up on a frozen server and its silence is noticed. */
  #probe(): void {
    if (this.#isProbing || !this.#client.isReady) return;
    this.#isProbing = true;
    const late = setTimeout(() => this.#turn(false, new Error('Redis does not answer')), probeMaxMs);
    const expiration = { type: 'EX', value: 60 } as const;
    this.#client
      .set(probeKey, '1', { expiration })
      .then(
        () => this.#turn(true),
        (error) => this.#turn(false, error),
      )
      .finally(() => {
        clearTimeout(late);
        this.#isProbing = false;
      });
  }

  #turn(isUp: boolean, error?: unknown): void {
    if (this.#isUp === isUp) return;
    this.#isUp = isUp;
    this.#onChange(isUp, reasonOf(error));
  }
}

/** After a pause of our own, what has arrived meanwhile is still taken. */
function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error(`Redis took longer than ${answerMaxMs} ms`));
    const timer = setTimeout(() => setImmediate(giveUp), answerMaxMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Of an error of several addresses only the code says anything. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}

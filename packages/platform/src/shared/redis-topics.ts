import { EventEmitter } from 'node:events';
import { newId } from '../process/ids.ts';
import { openClient, type RedisClient, type RedisLink } from './redis-link.ts';

const pingEveryMs = 1_000;

/**
 * Publish and subscribe on a connection of its own. This process hears its own messages without Redis, so they reach its listeners even if Redis
 * loses them. The topics are few, named in code, and listened to until the end.
 */
export class RedisTopics {
  readonly #link: RedisLink;
  readonly #client: RedisClient;
  readonly #here = new EventEmitter();
  readonly #handlers = new Map<string, (payload: string) => void>();
  readonly #heard = new Set<string>();
  /** Marks what this process sent: it comes back from Redis. */
  readonly #origin = newId();

  constructor(url: string, link: RedisLink) {
    this.#link = link;
    this.#here.setMaxListeners(0);
    this.#client = openClient(url, { pingEveryMs });
    // Why it is away, the link says.
    this.#client.on('error', () => this.#heard.clear());
    this.#client.on('ready', () => {
      for (const topic of this.#handlers.keys()) void this.#listen(topic);
    });
    this.#client.connect().catch(() => {});
  }

  /** Whether everything that is listened to arrives. */
  get isUp(): boolean {
    return this.#client.isReady && this.#heard.size === this.#handlers.size;
  }

  async publish(topic: string, message: string): Promise<void> {
    this.#tellHere(topic, message);
    await this.#link.ask((client) => client.publish(channelOf(topic), `${this.#origin} ${message}`)).catch(() => {});
  }

  subscribe(topic: string, listener: (message: string) => void): () => void {
    this.#here.on(topic, listener);
    if (!this.#handlers.has(topic)) {
      this.#handlers.set(topic, (payload) => this.#receive(topic, payload));
      void this.#listen(topic);
    }
    return () => this.#here.off(topic, listener);
  }

  close(): void {
    this.#here.removeAllListeners();
    this.#client.destroy();
  }

  /** Again is no error. What fails is asked for again at the next connection. */
  async #listen(topic: string): Promise<void> {
    const handler = this.#handlers.get(topic);
    if (handler === undefined || !this.#client.isReady) return;
    await this.#client.subscribe(channelOf(topic), handler).then(
      () => this.#heard.add(topic),
      () => {},
    );
  }

  #receive(topic: string, payload: string): void {
    const at = payload.indexOf(' ');
    if (at < 0 || payload.slice(0, at) === this.#origin) return;
    this.#tellHere(topic, payload.slice(at + 1));
  }

  /** In a turn of its own: what a listener throws must break neither the publisher nor the connection. */
  #tellHere(topic: string, message: string): void {
    queueMicrotask(() => this.#here.emit(topic, message));
  }
}

function channelOf(topic: string): string {
  return `kilas:${topic}`;
}

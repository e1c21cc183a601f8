import { Transform } from 'node:stream';
import { badRequest } from '@kilas/platform/problems/bad-request.ts';
import type { FastifyRequest } from 'fastify';
import { inMemoryBytes } from '../spool/spool.ts';

/**
 * The body of a request as a stream that ends where the body does, or where it breaks off: whoever reads it gets all that came, and looks at
 * `failure` then.
 */
export class RequestBody {
  readonly stream: Transform;
  #failure: Error | undefined;
  readonly #request: FastifyRequest;
  #leftBytes: number;

  /** Not read beyond `sizeMaxBytes`, nor once one of the signals aborts. */
  constructor(request: FastifyRequest, sizeMaxBytes: number, signals: readonly AbortSignal[]) {
    this.#request = request;
    this.#leftBytes = sizeMaxBytes;
    this.stream = new Transform({
      highWaterMark: inMemoryBytes,
      transform: (chunk: Buffer, _encoding, done) => {
        const kept = chunk.subarray(0, this.#leftBytes);
        this.#leftBytes -= kept.length;
        done(null, kept);
        if (kept.length < chunk.length) this.#breakOff(badRequest('the body is longer than what is left of the file'));
      },
    });
    const { raw } = request;
    for (const signal of signals) {
      const leave = () => this.#breakOff(signal.reason);
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
    }
    // It ends without an error event when the client goes.
    raw.once('close', () => {
      if (!raw.complete) this.#breakOff(badRequest('the body broke off'));
    });
    if (raw.destroyed && !raw.complete) this.#breakOff(badRequest('the body broke off'));
    else if (this.#failure === undefined) raw.pipe(this.stream);
  }

  /** Why it ended before its end; undefined of a body that came whole. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  #breakOff(error: Error): void {
    if (this.#failure !== undefined || this.stream.writableEnded) return;
    this.#failure = error;
    this.#request.raw.unpipe(this.stream);
    this.stream.end();
  }
}

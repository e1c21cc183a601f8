import { Code } from '@connectrpc/connect';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refusalError } from '../problems/refusal.ts';
import { BodyPace, type PaceLimits } from './body-pace.ts';

const lookEveryMs = 1_000;

interface Receiving {
  readonly reply: FastifyReply;
  readonly pace: BodyPace;
  /** Aborts what reads the body itself, which answers then; undefined while nobody does. */
  reader?: AbortController;
}

const receiving = new WeakMap<FastifyRequest, Receiving>();

/**
 * Watches the bodies that are on their way and gives those up that come too slowly, with BODY_TOO_SLOW unless `giveUp` does something else:
 * whatever a request holds meanwhile, it holds no longer than its bytes come.
 */
export function watchBodies(
  app: Pick<FastifyInstance, 'addHook'>,
  limits: PaceLimits,
  giveUp = (request: FastifyRequest) => breakOff(request, tooSlow(limits)),
): void {
  const watched = new Set<FastifyRequest>();
  app.addHook('onRequest', (request, reply, done) => {
    if (hasBody(request) && !isOver(request)) {
      const pace = new BodyPace(limits, performance.now(), request.raw.socket.bytesRead);
      receiving.set(request, { reply, pace });
      watched.add(request);
    }
    done();
  });
  const timer = setInterval(() => {
    for (const request of watched) {
      if (isOver(request)) watched.delete(request);
      else if (isTooSlow(request)) giveUp(request);
    }
  }, lookEveryMs);
  timer.unref();
  app.addHook('onClose', async () => clearInterval(timer));
}

function tooSlow({ bytesPerSecondMin, idleMaxMs }: PaceLimits): Error {
  const params = { bytesPerSecond: String(bytesPerSecondMin), idleSeconds: String(Math.ceil(idleMaxMs / 1000)) };
  return refusalError(Code.DeadlineExceeded, 'BODY_TOO_SLOW', params);
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/** Whether nothing of the body will come any more. */
function isOver({ raw }: FastifyRequest): boolean {
  return raw.complete !== false || raw.destroyed;
}

function isTooSlow(request: FastifyRequest): boolean {
  const { raw } = request;
  // With nothing left to be read, and nobody who holds it back, the next byte is for the client to send.
  const isAwaited = raw.readableLength === 0 && !raw.isPaused();
  return receiving.get(request)?.pace.isTooSlow(performance.now(), raw.socket.bytesRead, isAwaited) ?? false;
}

/** How fast a body comes that is on its way; undefined of one that has come, or of which that cannot be said yet. */
export function bytesPerSecondOf(request: FastifyRequest): number | undefined {
  return isOver(request) ? undefined : receiving.get(request)?.pace.bytesPerSecond();
}

/** Whether a part of the body is still to come. */
export function isReceiving(request: FastifyRequest): boolean {
  return !isOver(request);
}

/** Ends a request whose body is on its way with an error, and its connection with the answer. */
export function breakOff(request: FastifyRequest, error: Error): void {
  const entry = receiving.get(request);
  if (entry === undefined || entry.reply.sent) {
    request.raw.socket.destroy();
    return;
  }
  entry.reply.header('connection', 'close');
  if (entry.reader === undefined) entry.reply.send(error);
  else entry.reader.abort(error);
}

/** For who reads a body itself: aborts with what is to be thrown when the request is broken off. */
export function brokenOff(request: FastifyRequest): AbortSignal {
  const entry = receiving.get(request);
  if (entry === undefined) return new AbortController().signal;
  entry.reader ??= new AbortController();
  return entry.reader.signal;
}

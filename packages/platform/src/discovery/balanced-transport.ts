import type { SecureClientSessionOptions } from 'node:http2';
import { setTimeout as delay } from 'node:timers/promises';
import { type DescMethod, getOption } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Idempotency } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type Transport } from '@connectrpc/connect';
import { may_kill } from '@kilas/contracts/gen/kilas/platform/v1/options_pb.js';
import { inTurn, leastBusy } from '../turns/least-busy.ts';
import { failureOf, noteFailure } from './call-failure.ts';
import type { Replica, ReplicaList } from './replica-list.ts';
import { ReplicaSession, type Sessions } from './replica-session.ts';

const attemptsMax = 3;
/** How long a call waits for a first replica to be known. */
const firstReplicaMaxMs = 2_000;
/** A call unanswered for so long has its replica asked whether it lives. */
const silenceMaxMs = 1_000;
const retryDelayMs = 100;
const noSignOfLife = 'the replica shows no sign of life';

type Unary = Transport['unary'];
type OpenTransport = (url: string, sessions: Sessions) => Transport;

/**
 * Calls the replica of a service that has the fewest calls open. A call that surely never left goes to another one; so does
 * one that failed, or whose replica froze, where the method is idempotent; three attempts, all before the call's deadline.
 * What is not idempotent is never sent twice, nor is work that may have killed its replica. A replica that failed rests for some seconds while there is another.
 */
export function balancedTransport(
  service: string,
  list: ReplicaList,
  openTransport: OpenTransport,
  secure?: SecureClientSessionOptions,
): Transport {
  const sessions = new Map<string, ReplicaSession>();
  const keyOf = ({ id, url }: Replica) => `${id} ${url}`;
  const follow = (replicas: readonly Replica[]) => {
    const keys = new Set(replicas.map(keyOf));
    for (const [key, session] of sessions) {
      if (keys.has(key)) continue;
      sessions.delete(key);
      session.leave();
    }
    for (const replica of replicas) {
      if (!sessions.has(keyOf(replica)))
        sessions.set(keyOf(replica), new ReplicaSession(replica, openTransport, secure));
    }
  };
  follow(list.replicas);
  list.onChange(follow);
  let turn = 0;

  const pick = (tried: ReadonlySet<ReplicaSession>): ReplicaSession | undefined => {
    turn += 1;
    const known = inTurn([...sessions.values()], turn);
    const untried = known.filter((one) => !tried.has(one));
    const ready = untried.filter((one) => !one.isResting());
    const best = [ready, untried, known].find((some) => some.length > 0) ?? [];
    return leastBusy(best, ({ callCount }) => callCount);
  };

  const firstKnown = async (timeoutMs: number, signal: AbortSignal | undefined): Promise<void> => {
    if (sessions.size > 0) return;
    const patience = AbortSignal.timeout(Math.max(0, Math.min(timeoutMs, firstReplicaMaxMs)));
    const until = signal === undefined ? patience : AbortSignal.any([signal, patience]);
    while (sessions.size === 0 && !until.aborted) await list.changed(until);
    if (signal?.aborted) throw ConnectError.from(signal.reason, Code.Canceled);
  };

  const unary: Unary = async (method, signal, timeoutMs, header, input, contextValues) => {
    if (timeoutMs === undefined) throw new Error('a call without a deadline');
    const deadlineMs = performance.now() + timeoutMs;
    // gRPC counts in whole milliseconds.
    const timeLeftMs = () => Math.ceil(deadlineMs - performance.now());
    const tried = new Set<ReplicaSession>();
    await firstKnown(timeLeftMs(), signal);
    for (let attempt = 1; ; attempt++) {
      const session = pick(tried);
      if (session === undefined) throw new ConnectError(`no replica of ${service} is known`, Code.Unavailable);
      tried.add(session);
      const call = (until: AbortSignal | undefined) =>
        session.count(() => session.transport.unary(method, until, timeLeftMs(), header, input, contextValues));
      try {
        const response = await (isIdempotent(method) ? untilSilent(session, call, signal) : call(signal));
        session.recover();
        return response;
      } catch (error) {
        const failure = failureOf(error);
        if (failure !== 'answered') session.rest();
        if (attempt === attemptsMax || !isRepeatable(method, error)) throw error;
        const isElsewhere = [...sessions.values()].some((one) => !tried.has(one));
        if (isElsewhere) continue;
        const pauseMs = retryDelayMs * 2 ** attempt;
        if (failure === 'answered' || pauseMs >= timeLeftMs()) throw error;
        await delay(pauseMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      }
    }
  };
  return {
    unary,
    stream: async () => {
      throw new ConnectError('services do not talk in streams', Code.Unimplemented);
    },
  };
}

function isIdempotent({ idempotency }: DescMethod): boolean {
  return idempotency === Idempotency.IDEMPOTENT || idempotency === Idempotency.NO_SIDE_EFFECTS;
}

function isRepeatable(method: DescMethod, error: unknown): boolean {
  const failure = failureOf(error);
  if (failure === 'unsent') return true;
  // The replica may have died of it, and the next one would.
  if (failure === 'lost' && getOption(method, may_kill)) return false;
  return isIdempotent(method) && error instanceof ConnectError && error.code === Code.Unavailable;
}

/** Gives a call up as lost when its replica is silent and, asked, shows no sign of life. */
async function untilSilent<Result>(
  session: ReplicaSession,
  call: (signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  const silent = new AbortController();
  let isDone = false;
  let timer: NodeJS.Timeout | undefined;
  // Timers by hand: a delay that is aborted makes an error, with its stack, for every call.
  const listen = () => {
    timer = setTimeout(async () => {
      const isAlive = await session.isAlive();
      if (isDone) return;
      if (isAlive) listen();
      else silent.abort(noSignOfLife);
    }, silenceMaxMs);
  };
  listen();
  try {
    return await call(signal === undefined ? silent.signal : AbortSignal.any([signal, silent.signal]));
  } catch (error) {
    if (!silent.signal.aborted || signal?.aborted) throw error;
    throw noteFailure(new ConnectError(noSignOfLife, Code.Unavailable), 'lost');
  } finally {
    isDone = true;
    clearTimeout(timer);
  }
}

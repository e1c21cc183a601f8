import {
  Code,
  ConnectError,
  type ConnectRouter,
  createRouterTransport,
  type Interceptor,
  type Transport,
} from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { balancedTransport } from '../discovery/balanced-transport.ts';
import { notedFailure, noteFailure } from '../discovery/call-failure.ts';
import type { Discovery } from '../discovery/replica-list.ts';
import { staticDiscovery } from '../discovery/static-discovery.ts';
import { newId } from '../process/ids.ts';
import { currentRequestId, currentSignal, currentTimeLeftMs } from '../process/request-context.ts';
import type { Peers } from './rpc.ts';
import { messageSizeMaxBytes } from './rpc.ts';
import { type RpcTls, secureClient } from './rpc-tls.ts';
import type { ServiceSigner } from './service-token.ts';

/** Deadline of a call that names none, in milliseconds. */
const deadlineMs = 10_000;

/** Sends who calls and for which request; an error of the other side arrives with code, message and details alone. */
function clientInterceptors(service: string, sign: ServiceSigner): Interceptor[] {
  return [
    (next) => async (req) => {
      req.header.set('authorization', `Bearer ${await sign(service)}`);
      req.header.set('x-request-id', currentRequestId() ?? newId());
      return next(req);
    },
    (next) => async (req) => {
      try {
        return await next(req);
      } catch (error) {
        throw withoutMetadata(error, req.signal);
      }
    },
  ];
}

/** Upstream's headers on an error would be sent again with our own reply and corrupt it. */
function withoutMetadata(error: unknown, signal: AbortSignal): unknown {
  if (!(error instanceof ConnectError)) return error;
  const failure = notedFailure(error) ?? (isConnectionLost(error, signal) ? 'lost' : 'answered');
  const code = failure === 'answered' ? error.code : Code.Unavailable;
  const bare = new ConnectError(error.rawMessage, code, undefined, undefined, error.cause);
  bare.details = error.details;
  return noteFailure(bare, failure);
}

/** What Node.js says of a connection that broke under a call, or was being closed; Connect takes some of it for a fault. */
const lostCodes = new Set([
  'ECONNRESET',
  'EPIPE',
  'ERR_STREAM_DESTROYED',
  'ERR_HTTP2_GOAWAY_SESSION',
  'ERR_HTTP2_INVALID_SESSION',
  'ERR_HTTP2_INVALID_STREAM',
  'ERR_HTTP2_SESSION_ERROR',
  'ERR_HTTP2_STREAM_ERROR',
]);

/** So it is too when a call ends as cancelled that nobody cancelled: the other side died of something. */
function isConnectionLost({ code, cause }: ConnectError, signal: AbortSignal): boolean {
  if (code === Code.Canceled) return !signal.aborted;
  return cause instanceof Error && 'code' in cause && lostCodes.has(String(cause.code));
}

/** A call ends when its own time is over, and with the request that it is made for. */
function withDeadline(transport: Transport): Transport {
  return {
    unary: (method, signal, timeoutMs, ...rest) =>
      transport.unary(method, withinRequest(signal), timeWithinRequest(timeoutMs), ...rest),
    stream: (method, signal, timeoutMs, ...rest) =>
      transport.stream(method, withinRequest(signal), timeWithinRequest(timeoutMs), ...rest),
  };
}

function withinRequest(signal: AbortSignal | undefined): AbortSignal | undefined {
  const current = currentSignal();
  if (signal === undefined || current === undefined) return signal ?? current;
  return AbortSignal.any([signal, current]);
}

function timeWithinRequest(timeoutMs = deadlineMs): number {
  // gRPC counts in whole milliseconds.
  return Math.ceil(Math.min(timeoutMs, currentTimeLeftMs() ?? timeoutMs));
}

/** Peers over gRPC, wherever they are found; with `tls` no connection is in clear text. Nothing is connected before the first call. */
export function balancedPeers(discovery: Discovery, sign: ServiceSigner, tls?: RpcTls): Peers {
  const transports = new Map<string, Transport>();
  return (service) => {
    const known = transports.get(service);
    if (known !== undefined) return known;
    const interceptors = clientInterceptors(service, sign);
    const limits = { readMaxBytes: messageSizeMaxBytes, writeMaxBytes: messageSizeMaxBytes };
    const transport = withDeadline(
      balancedTransport(
        service,
        discovery.replicasOf(service),
        (baseUrl, sessionManager) => createGrpcTransport({ baseUrl, sessionManager, interceptors, ...limits }),
        tls === undefined ? undefined : secureClient(service, tls),
      ),
    );
    transports.set(service, transport);
    return transport;
  };
}

/** Peers at fixed addresses, several of a service separated by bars: `{ stock: 'http://10.0.0.2:5002|http://10.0.0.3:5002' }`. */
export function grpcPeers(addresses: Readonly<Record<string, string>>, sign: ServiceSigner): Peers {
  return balancedPeers(staticDiscovery(addresses), sign);
}

type Handler = { routes: (router: ConnectRouter) => void; interceptors: Interceptor[] };

/** All services in one process: calls go through the same handlers and interceptors without a socket. */
export class MemoryNetwork {
  readonly #handlers = new Map<string, Handler>();

  /** Makes a service reachable; the returned function takes it away again. */
  serve(service: string, handler: Handler): () => void {
    this.#handlers.set(service, handler);
    return () => {
      if (this.#handlers.get(service) === handler) this.#handlers.delete(service);
    };
  }

  peersFor(sign: ServiceSigner): Peers {
    const transports = new Map<string, { handler: Handler; transport: Transport }>();
    const current = (service: string): Transport => {
      const handler = this.#handlers.get(service);
      if (handler === undefined) throw new ConnectError(`the service ${service} is not there`, Code.Unavailable);
      const known = transports.get(service);
      if (known?.handler === handler) return known.transport;
      const transport = createRouterTransport(handler.routes, {
        router: { interceptors: handler.interceptors },
        transport: { interceptors: clientInterceptors(service, sign) },
      });
      transports.set(service, { handler, transport });
      return transport;
    };
    return (service) =>
      withDeadline({
        unary: async (...call) => current(service).unary(...call),
        stream: async (...call) => current(service).stream(...call),
      });
  }
}

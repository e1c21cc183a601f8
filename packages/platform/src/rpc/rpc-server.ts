import http2 from 'node:http2';
import type { DescService } from '@bufbuild/protobuf';
import {
  Code,
  ConnectError,
  type ConnectRouter,
  createConnectRouter,
  createContextKey,
  type HandlerContext,
  type Interceptor,
  type ServiceImpl,
} from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { DatabaseAway } from '../db/database-away.ts';
import type { ServiceHealth } from '../discovery/health.ts';
import { refusalOf } from '../problems/refusal.ts';
import { newId } from '../process/ids.ts';
import type { Log } from '../process/log.ts';
import { acceptRequestId, withRequestContext, withTimeLeft } from '../process/request-context.ts';
import { measureCalls, traceCalls } from '../telemetry/observe-calls.ts';
import { messageSizeMaxBytes, type RpcRoutes } from './rpc.ts';
import { reflectionRoutes } from './rpc-reflection.ts';
import { type RpcTls, secureServer } from './rpc-tls.ts';
import type { ServiceVerifier } from './service-token.ts';

/** Longest time a caller may ask a handler to work, in milliseconds. */
const deadlineMaxMs = 300_000;

/** A call that is being answered when the server stops has so long to end, in milliseconds. */
const drainMaxMs = 10_000;

const callerKey = createContextKey<string>('', { description: 'the service that calls' });

/** For each method of a service, the services that may call it. */
export type Callers<Service extends DescService> = {
  readonly [Method in keyof Service['method']]: readonly string[];
};

/** The name of the service whose token came with the call. */
export function callerOf(context: HandlerContext): string {
  return context.values.get(callerKey);
}

/** Registers a proto service whose every method says who may call it; anybody else gets PermissionDenied. */
export function registerRpc<Service extends DescService>(
  router: ConnectRouter,
  service: Service,
  callers: Callers<Service>,
  implementation: ServiceImpl<Service>,
): void {
  const allowed = new Map(Object.entries<readonly string[]>(callers));
  const guarded = Object.entries<(request: never, context: HandlerContext) => unknown>(implementation).map(
    ([name, method]) => {
      const guard = (request: never, context: HandlerContext) => {
        if (!allowed.get(name)?.includes(callerOf(context))) {
          throw new ConnectError('this service may not call this method', Code.PermissionDenied);
        }
        return withTimeLeft(context.timeoutMs(), () => method(request, context));
      };
      return [name, guard];
    },
  );
  // Interceptors given to router.service() would replace the router's own, which say who the caller is: hence a wrapper.
  router.service(service, Object.fromEntries(guarded) as ServiceImpl<Service>);
}

/**
 * What every call passes before its handler: the caller proves who it is, the request id and the trace are taken over, errors
 * are logged. `service` is the one that answers.
 */
export function serverInterceptors(verify: ServiceVerifier, log: Log, service = 'unknown'): Interceptor[] {
  const identify: Interceptor = (next) => async (req) => {
    const [scheme, token = ''] = (req.header.get('authorization') ?? '').split(' ');
    const caller = scheme === 'Bearer' ? await verify(token) : undefined;
    if (caller === undefined) throw new ConnectError('a valid service token is required', Code.Unauthenticated);
    req.contextValues.set(callerKey, caller);
    const requestId = acceptRequestId(req.header.get('x-request-id')) ?? newId();
    return withRequestContext({ requestId, signal: req.signal }, () => next(req));
  };
  const report: Interceptor = (next) => async (req) => {
    try {
      return await next(req);
    } catch (error) {
      if (refusalOf(error) !== undefined || (error instanceof ConnectError && error.code !== Code.Internal))
        throw error;
      if (error instanceof DatabaseAway) throw new ConnectError('the database is away', Code.Unavailable);
      log.error({ err: error, rpc: `${req.service.typeName}/${req.method.name}` }, 'rpc failed');
      throw new ConnectError('internal error', Code.Internal);
    }
  };
  return [measureCalls(service), identify, traceCalls, report];
}

export interface RpcServer {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Serves gRPC over HTTP/2, in clear text without `tls`. */
export async function serveRpc(options: {
  host: string;
  port: number;
  routes: RpcRoutes;
  interceptors: Interceptor[];
  /** Told to health checkers, beside the routes. */
  health?: ServiceHealth;
  tls?: RpcTls | undefined;
  /** Whether anyone may ask what is served. */
  isReflected?: boolean;
}): Promise<RpcServer> {
  const { health, tls } = options;
  const served = servicesBehind(options.routes);
  const healthRoutes = options.health?.routes(new Set(served.map(({ typeName }) => typeName)));
  const reflection = options.isReflected ? reflectionRoutes(served) : undefined;
  const handle = connectNodeAdapter({
    routes: (router) => {
      options.routes(router);
      healthRoutes?.(router);
      reflection?.(router);
    },
    interceptors: options.interceptors,
    readMaxBytes: messageSizeMaxBytes,
    writeMaxBytes: messageSizeMaxBytes,
    maxTimeoutMs: deadlineMaxMs,
    connect: false,
    grpcWeb: false,
  });
  const server = tls === undefined ? http2.createServer(handle) : http2.createSecureServer(secureServer(tls), handle);
  const sessions = new Set<http2.ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${options.host}:${port}`,
    port,
    stop: () =>
      new Promise((resolve) => {
        // A caller that vanished would never take its answer.
        const impatient = setTimeout(() => {
          for (const session of sessions) session.destroy();
        }, drainMaxMs);
        server.close(() => {
          clearTimeout(impatient);
          resolve();
        });
        health?.close();
        for (const session of sessions) session.close();
      }),
  };
}

function servicesBehind(routes: RpcRoutes): DescService[] {
  const router = createConnectRouter();
  routes(router);
  return [...new Set(router.handlers.map(({ service }) => service))];
}

import http2 from 'node:http2';
import type { DescService } from '@bufbuild/protobuf';
import {
  Code,
  ConnectError,
  type ConnectRouter,
  createContextKey,
  type HandlerContext,
  type Interceptor,
  type ServiceImpl,
} from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { newId } from './ids.ts';
import type { Log } from './log.ts';
import { refusalOf } from './refusal.ts';
import { acceptRequestId, withRequestContext } from './request-context.ts';
import type { ServiceVerifier } from './service-token.ts';

/** Largest message either side takes, in bytes. */
export const messageSizeMaxBytes = 16 * 1024 * 1024;

/** Longest time a caller may ask a handler to work, in milliseconds. */
const deadlineMaxMs = 300_000;

export type RpcRoutes = (router: ConnectRouter) => void;

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
        return method(request, context);
      };
      return [name, guard];
    },
  );
  // Interceptors given to router.service() would replace the router's own, which say who the caller is: hence a wrapper.
  router.service(service, Object.fromEntries(guarded) as ServiceImpl<Service>);
}

/** What every call passes before its handler: the caller proves who it is, the request id is taken over, errors are logged. */
export function serverInterceptors(verify: ServiceVerifier, log: Log): Interceptor[] {
  const identify: Interceptor = (next) => async (req) => {
    const [scheme, token = ''] = (req.header.get('authorization') ?? '').split(' ');
    const caller = scheme === 'Bearer' ? await verify(token) : undefined;
    if (caller === undefined) throw new ConnectError('a valid service token is required', Code.Unauthenticated);
    req.contextValues.set(callerKey, caller);
    const requestId = acceptRequestId(req.header.get('x-request-id')) ?? newId();
    return withRequestContext({ requestId }, () => next(req));
  };
  const report: Interceptor = (next) => async (req) => {
    try {
      return await next(req);
    } catch (error) {
      if (refusalOf(error) !== undefined || (error instanceof ConnectError && error.code !== Code.Internal))
        throw error;
      log.error({ err: error, rpc: `${req.service.typeName}/${req.method.name}` }, 'rpc failed');
      throw new ConnectError('internal error', Code.Internal);
    }
  };
  return [identify, report];
}

export interface RpcServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves gRPC over HTTP/2 in clear text. */
export async function serveRpc(options: {
  host: string;
  port: number;
  routes: RpcRoutes;
  interceptors: Interceptor[];
}): Promise<RpcServer> {
  const server = http2.createServer(
    connectNodeAdapter({
      routes: options.routes,
      interceptors: options.interceptors,
      readMaxBytes: messageSizeMaxBytes,
      writeMaxBytes: messageSizeMaxBytes,
      maxTimeoutMs: deadlineMaxMs,
      connect: false,
      grpcWeb: false,
    }),
  );
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
    url: `http://${options.host}:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const session of sessions) session.close();
      }),
  };
}

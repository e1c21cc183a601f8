import { Code } from '@connectrpc/connect';
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { LRUCache } from 'lru-cache';
import { hashOf } from './ids.ts';
import { refusalError } from './refusal.ts';

/** Who asks, as the access token says; never taken from a body, a query or another header. */
export interface Identity {
  readonly accountId: string;
  readonly sessionId: string;
  readonly roles: readonly string[];
  /** The epoch of the face consent in force; 0 when there is none. */
  readonly consentEpoch: number;
  /** 1 to 9, or 0 for the default. */
  readonly matchLevel: number;
}

/** Asks the user service whose token this is; throws its refusal. */
export type Authenticate = (accessToken: string) => Promise<Identity>;

const cachedMs = 5_000;
const identities = new WeakMap<FastifyRequest, Identity>();

/** Hooks that say who may call a route. They run before the body is read. */
export interface Auth {
  /** Anyone signed in. */
  readonly required: onRequestAsyncHookHandler;
  /** Signed in or not; a token that is sent must be good. */
  readonly optional: onRequestAsyncHookHandler;
  /** Someone who holds the role; else 403 with the refusal's reason. */
  role(role: string, refusalReason: string): onRequestAsyncHookHandler;
}

/**
 * Identities are remembered for at most five seconds per token. When a remembered one lacks a role that a route wants,
 * the question is asked again, so that a role holds at once. `isRemembered: false` asks every time, so that the end of a
 * session or of a consent holds at once too: for the service that knows the answer itself, and for routes called rarely.
 */
export function createAuth(authenticate: Authenticate, options: { isRemembered?: boolean } = {}): Auth {
  const remembered = new LRUCache<string, Identity>({ max: 10_000, ttl: cachedMs });
  const ask = async (token: string): Promise<Identity> => {
    const identity = await authenticate(token);
    if (options.isRemembered !== false) remembered.set(hashOf(token), identity);
    return identity;
  };
  const identify = async (request: FastifyRequest): Promise<Identity | undefined> => {
    const token = bearerOf(request);
    if (token === undefined) return undefined;
    const identity = remembered.get(hashOf(token)) ?? (await ask(token));
    identities.set(request, identity);
    return identity;
  };
  const requireIdentity = async (request: FastifyRequest): Promise<Identity> => {
    const identity = await identify(request);
    if (identity === undefined) throw refusalError(Code.Unauthenticated, 'TOKEN_MISSING');
    return identity;
  };
  return {
    required: async (request) => {
      await requireIdentity(request);
    },
    optional: async (request) => {
      await identify(request);
    },
    role: (role, refusalReason) => async (request) => {
      const known = await requireIdentity(request);
      if (known.roles.includes(role)) return;
      const fresh = await ask(bearerOf(request) ?? '');
      identities.set(request, fresh);
      if (!fresh.roles.includes(role)) throw refusalError(Code.PermissionDenied, refusalReason);
    },
  };
}

/** Who asks; for routes behind `auth.required` or `auth.role`. */
export function identityOf(request: FastifyRequest): Identity {
  const identity = identities.get(request);
  if (identity === undefined) throw new Error('this route does not ask who calls: it lacks auth.required');
  return identity;
}

/** Who asks, if anyone; for routes behind `auth.optional`. */
export function optionalIdentityOf(request: FastifyRequest): Identity | undefined {
  return identities.get(request);
}

function bearerOf(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  if (header === undefined) return undefined;
  const [scheme, token, ...rest] = header.split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined || token === '' || rest.length > 0) {
    throw refusalError(Code.Unauthenticated, 'TOKEN_INVALID');
  }
  return token;
}

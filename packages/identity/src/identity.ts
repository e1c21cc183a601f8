import { Code } from '@connectrpc/connect';
import { refusalError } from '@kilas/platform/problems/refusal.ts';
import type { SharedState } from '@kilas/platform/shared/shared-state.ts';
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { RememberedIdentities } from './remembered-identities.ts';

/** Who asks, as the access token says; never taken from a body, a query or another header. */
export interface Identity {
  readonly accountId: string;
  readonly sessionId: string;
  readonly roles: readonly string[];
  /** The epoch of the face consent in force; 0 when there is none. */
  readonly consentEpoch: number;
  /** Whether that consent lets a face which the member confirms in a photo become a template of theirs. */
  readonly consentCoversConfirmedFaces: boolean;
  /** 1 to 9, or 0 for the default. */
  readonly matchLevel: number;
  /** An IANA name; empty when user could not say. */
  readonly timeZone: string;
}

/** Asks the user service whose token this is; throws its refusal. */
export type Authenticate = (accessToken: string) => Promise<Identity>;

/**
 * The topic on which the id of a session or of an account is told once something about it is no longer as services may
 * remember it, after the commit: it ended, or roles or consents changed.
 */
export const sessionsEndedTopic = 'sessions.ended';

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

export interface AuthOptions {
  /** Where the end of sessions is told, so that a remembered identity goes at once. */
  readonly shared?: Pick<SharedState, 'subscribe'>;
  /** False: asks every time, for the service that knows the answer itself, and for routes called rarely. */
  readonly isRemembered?: boolean;
  /** In milliseconds, never going back. */
  readonly now?: () => number;
}

/**
 * Identities are remembered for some seconds per token, see RememberedIdentities: a session that ended is refused at once
 * where the message arrives, and within five seconds where it does not. When a remembered one lacks a role that a route
 * wants, the question is asked again, so that a role holds at once.
 */
export function createAuth(authenticate: Authenticate, options: AuthOptions = {}): Auth {
  const find = options.isRemembered === false ? authenticate : rememberWith(authenticate, options);
  const identify = async (request: FastifyRequest, isGood?: IsGood): Promise<Identity | undefined> => {
    const token = bearerOf(request);
    if (token === undefined) return undefined;
    const identity = await find(token, isGood);
    identities.set(request, identity);
    return identity;
  };
  const requireIdentity = async (request: FastifyRequest, isGood?: IsGood): Promise<Identity> => {
    const identity = await identify(request, isGood);
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
      const isGood: IsGood = ({ roles }) => roles.includes(role);
      if (!isGood(await requireIdentity(request, isGood))) throw refusalError(Code.PermissionDenied, refusalReason);
    },
  };
}

type IsGood = (identity: Identity) => boolean;

function rememberWith(authenticate: Authenticate, { shared, now }: AuthOptions) {
  const remembered = new RememberedIdentities(authenticate, now ?? (() => performance.now()));
  shared?.subscribe(sessionsEndedTopic, (id) => remembered.drop(id));
  return (token: string, isGood?: IsGood) => remembered.find(token, isGood);
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

/** The access token that came with a request, whosever it is. */
export function bearerOf(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  if (header === undefined) return undefined;
  const [scheme, token, ...rest] = header.split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined || token === '' || rest.length > 0) {
    throw refusalError(Code.Unauthenticated, 'TOKEN_INVALID');
  }
  return token;
}

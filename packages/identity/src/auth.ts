import { Code } from '@connectrpc/connect';
import { refusalError } from '@kilas/platform/problems/refusal.ts';
import type { SharedState } from '@kilas/platform/shared/shared-state.ts';
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { type Authenticate, bearerOf, type Identity, noteIdentity } from './identity.ts';
import { RememberedIdentities } from './remembered-identities.ts';

/**
 * The topic on which the id of a session or of an account is told once something about it is no longer as services may
 * remember it, after the commit: it ended, or roles or consents changed.
 */
export const sessionsEndedTopic = 'sessions.ended';

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
    noteIdentity(request, identity);
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

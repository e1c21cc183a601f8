import { Code } from '@connectrpc/connect';
import { refusalError } from '@kilas/platform/problems/refusal.ts';
import type { FastifyRequest } from 'fastify';

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

const identities = new WeakMap<FastifyRequest, Identity>();

/** Called by the hooks of `createAuth` alone. */
export function noteIdentity(request: FastifyRequest, identity: Identity): void {
  identities.set(request, identity);
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

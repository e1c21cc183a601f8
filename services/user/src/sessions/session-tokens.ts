import { createHmac, hkdfSync, type KeyObject } from 'node:crypto';
import { refuse } from '@kilas/messages/refuse.ts';
import { addSeconds, type Clock } from '@kilas/platform/process/clock.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { publicHalfOf } from '@kilas/platform/rpc/service-token.ts';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

const lifetimeSeconds = 600;
const tokenLengthMax = 2048;

/**
 * The key also signs this service's own calls. Issuer, audience and type keep the two kinds of token apart: "kilas" is no
 * service, "kilas-api" is no service's audience, and service tokens have no type.
 */
const issuer = 'kilas';
const audience = 'kilas-api';
const type = 'at+jwt';

const claims = z.object({ sub: z.uuid(), sid: z.uuid(), exp: z.number() });

/** What an access token says. */
export interface AccessClaims {
  readonly accountId: string;
  readonly sessionId: string;
  readonly expiresAt: Date;
}

/** Makes and reads what clients prove a session with. */
export class SessionTokens {
  readonly #privateKey: KeyObject;
  readonly #publicKeys: readonly KeyObject[];
  readonly #successorKey: Buffer;
  readonly #clock: Clock;

  /** Tokens that were signed with the private half of `otherKeys` are read too: of a key before this one, or after it. */
  constructor(options: { privateKey: KeyObject; otherKeys?: readonly KeyObject[]; clock: Clock }) {
    this.#privateKey = options.privateKey;
    this.#publicKeys = [publicHalfOf(options.privateKey), ...(options.otherKeys ?? [])];
    const secret = options.privateKey.export({ type: 'pkcs8', format: 'der' });
    this.#successorKey = Buffer.from(hkdfSync('sha256', secret, '', 'kilas refresh token successor', 32));
    this.#clock = options.clock;
  }

  /** An access token (JWT, EdDSA) of ten minutes. */
  async issueAccess(subject: { accountId: string; sessionId: string }): Promise<{ token: string; expiresAt: Date }> {
    const now = this.#clock.now();
    const expiresAt = addSeconds(now, lifetimeSeconds);
    const token = await new SignJWT({ sid: subject.sessionId })
      .setProtectedHeader({ alg: 'EdDSA', typ: type })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(subject.accountId)
      .setIssuedAt(now)
      .setExpirationTime(expiresAt)
      .setJti(newId())
      .sign(this.#privateKey);
    return { token, expiresAt };
  }

  /** Whose access token this is. Refuses with TOKEN_EXPIRED, or TOKEN_INVALID for anything that we did not issue as one. */
  async readAccess(token: string): Promise<AccessClaims> {
    if (token.length > tokenLengthMax) refuse('TOKEN_INVALID');
    for (const key of this.#publicKeys) {
      const found = await this.#readWith(key, token);
      if (found !== undefined) return found;
    }
    return refuse('TOKEN_INVALID');
  }

  /** Undefined for a token of another key. */
  async #readWith(key: KeyObject, token: string): Promise<AccessClaims | undefined> {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['EdDSA'],
        issuer,
        audience,
        typ: type,
        currentDate: this.#clock.now(),
        requiredClaims: ['sub', 'sid', 'iat', 'exp', 'jti'],
      });
      const { sub, sid, exp } = claims.parse(payload);
      return { accountId: sub, sessionId: sid, expiresAt: new Date(exp * 1000) };
    } catch (error) {
      if (error instanceof errors.JWSSignatureVerificationFailed) return undefined;
      if (error instanceof errors.JWTExpired) return refuse('TOKEN_EXPIRED');
      // Anything else than what is wrong with the token is wrong with us.
      if (error instanceof errors.JOSEError || error instanceof z.ZodError) return refuse('TOKEN_INVALID');
      throw error;
    }
  }

  /** The refresh token that follows another: always the same one, which nobody computes without our key. */
  successorOf(refreshToken: string): string {
    return createHmac('sha256', this.#successorKey).update(refreshToken).digest('base64url');
  }
}

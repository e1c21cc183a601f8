import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decodeJwt, errors, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { type Clock, systemClock } from '../process/clock.ts';

const lifetimeSeconds = 300;
const renewBeforeSeconds = 60;
/** So far the clocks of two machines may be apart, in either direction. */
const skewSeconds = 60;

/** Signs as one service: a JWT (EdDSA, RFC 8037) of five minutes, made anew when it nears its end. */
export function createServiceSigner(service: string, privateKey: KeyObject, clock: Clock = systemClock) {
  const held = new Map<string, { token: string; renewAt: number }>();
  return async function sign(audience: string): Promise<string> {
    const now = clock.now().getTime() / 1000;
    const current = held.get(audience);
    if (current !== undefined && now < current.renewAt) return current.token;
    const token = await new SignJWT()
      .setProtectedHeader({ alg: 'EdDSA' })
      .setIssuer(service)
      .setAudience(audience)
      .setIssuedAt(now)
      .setExpirationTime(now + lifetimeSeconds)
      .sign(privateKey);
    held.set(audience, { token, renewAt: now + lifetimeSeconds - renewBeforeSeconds });
    return token;
  };
}

export type ServiceSigner = ReturnType<typeof createServiceSigner>;

/** By service; several while the key of one is exchanged for another. */
export type PublicKeys = Readonly<Record<string, KeyObject | readonly KeyObject[]>>;

/** Tells which service signed a token for `audience`; each token is verified once and remembered until it expires. */
export function createServiceVerifier(audience: string, publicKeys: PublicKeys, clock: Clock = systemClock) {
  const verified = new LRUCache<string, { service: string; expiresAt: number }>({ max: 1000 });
  return async function verify(token: string): Promise<string | undefined> {
    const now = clock.now();
    const known = verified.get(token);
    if (known !== undefined && now.getTime() < known.expiresAt) return known.service;
    for (const key of publicKeysOf(token, publicKeys)) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['EdDSA'],
          audience,
          currentDate: now,
          clockTolerance: skewSeconds,
          requiredClaims: ['iss', 'exp'],
        });
        const service = payload.iss ?? '';
        verified.set(token, { service, expiresAt: ((payload.exp ?? 0) + skewSeconds) * 1000 });
        return service;
      } catch (error) {
        throwUnlessOfToken(error);
      }
    }
    return undefined;
  };
}

export type ServiceVerifier = ReturnType<typeof createServiceVerifier>;

/** Those of the service that a token says it is of; none for a token that says nothing of the kind. */
function publicKeysOf(token: string, publicKeys: PublicKeys): readonly KeyObject[] {
  try {
    const { iss: issuer } = decodeJwt(token);
    const keys = issuer !== undefined && Object.hasOwn(publicKeys, issuer) ? publicKeys[issuer] : undefined;
    return keys === undefined ? [] : [keys].flat();
  } catch (error) {
    throwUnlessOfToken(error);
    return [];
  }
}

/** That a token does not hold is its sender's fault; that it could not be checked is ours. */
function throwUnlessOfToken(error: unknown): void {
  if (!(error instanceof errors.JOSEError)) throw error;
}

/** A fresh Ed25519 key pair, both halves as PEM. */
export function newServiceKey(): { privateKeyPem: string; publicKeyPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** The public half of a private key. */
export function publicHalfOf(privateKey: KeyObject): KeyObject {
  return createPublicKey(privateKey);
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { uuidv7 } from 'uuidv7';

/** A UUID version 7 (RFC 9562): unique everywhere, ordered by time. Guessable in part, so never a right to anything. */
export function newId(): string {
  return uuidv7();
}

/** 256 random bits in base64url: 43 characters that nobody guesses. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256 in hex; how a secret is kept in a table. */
export function hashOf(secret: string | Buffer): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares in constant time; strings of different lengths differ at once. */
export function secretsEqual(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}

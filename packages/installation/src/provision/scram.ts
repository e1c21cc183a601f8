import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** What PostgreSQL counts itself. */
const iterations = 4096;

/**
 * What PostgreSQL keeps of a password (RFC 5803, SCRAM-SHA-256): given in its place, the password itself reaches neither the
 * server nor its logs. Of printable ASCII, which SASLprep leaves as it is.
 */
export function scramVerifierOf(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const keyed = (name: string) => createHmac('sha256', salted).update(name).digest();
  const storedKey = createHash('sha256').update(keyed('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${keyed('Server Key').toString('base64')}`;
}

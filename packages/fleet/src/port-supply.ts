import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { isErrno } from '@kilas/platform/problems/is-errno.ts';

/**
 * Below those that Linux (32768) and macOS (49152) give to outgoing connections: one of these may take any port of its range
 * between our asking for it and our listening on it, and while a server is restarted.
 */
const first = 20_000;
const last = 32_000;

/** Ports of an address that nobody listens on, each given once. */
export function portSupply(host = '127.0.0.1'): () => Promise<number> {
  let next = randomInt(first, last);
  return async () => {
    for (let tried = first; tried < last; tried++) {
      const port = next;
      next = next + 1 < last ? next + 1 : first;
      if (await isFree(host, port)) return port;
    }
    throw new Error(`no port of ${host} from ${first} to ${last} is free`);
  };
}

async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, 'listening');
    return true;
  } catch (error) {
    if (isErrno(error, 'EADDRINUSE')) return false;
    throw error;
  } finally {
    server.close();
  }
}

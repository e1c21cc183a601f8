import { once } from 'node:events';
import { connect } from 'node:net';
import { systemReason, UserError } from '@kilas/cli/user-error.ts';

const timeoutMs = 5_000;

/**
 * Connects to the server at an address and leaves again; answers with the address of this machine that the server saw. Throws
 * a UserError that names the option by which the server was named.
 */
export async function reachFrom(text: string, defaultPort: number, option: string): Promise<string> {
  const { protocol, hostname, port } = new URL(text);
  const usual = protocol === 'https:' ? 443 : defaultPort;
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? usual : Number(port) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(timeoutMs) });
    const { localAddress = '127.0.0.1' } = socket;
    return localAddress === '::1' ? '127.0.0.1' : localAddress;
  } catch (error) {
    const reason = systemReason(error) ?? `no answer in ${timeoutMs / 1000} s`;
    throw new UserError(`The server that ${option} names cannot be reached (${reason}).`);
  } finally {
    socket.destroy();
  }
}

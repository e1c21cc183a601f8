import { once } from 'node:events';
import { createServer } from 'node:net';
import { systemReason, UserError } from './user-error.ts';

/** Throws a UserError when the port cannot be had; asked before anything is started. */
export async function checkPort(port: number, host = 'localhost'): Promise<void> {
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw new UserError(`Port ${port} cannot be used (${reason}): choose another one with --port.`);
  } finally {
    server.close();
  }
}

import { NoAnswer, type Transport } from '../transport.ts';

/** Requests of Node.js. */
export function fetchTransport(address: string): Transport {
  return async ({ method, path, headers, body, signal }) => {
    try {
      const response = await fetch(address + path, { method, headers, signal, ...(body !== undefined && { body }) });
      return { status: response.status, header: (name) => response.headers.get(name), text: await response.text() };
    } catch (error) {
      signal.throwIfAborted();
      throw new NoAnswer(error);
    }
  };
}

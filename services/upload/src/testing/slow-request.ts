import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface SlowRequest {
  readonly socket: Socket;
  /** All that was answered by now. */
  answer(): string;
}

/** Sends the head of a request and the beginning of its body, and nothing more. It ends with the test. */
export async function beginRequest(
  url: string,
  head: readonly string[],
  body: string | Buffer = '',
): Promise<SlowRequest> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    answer += chunk;
  });
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  if (body.length > 0) socket.write(body);
  return { socket, answer: () => answer };
}

/** One byte now and then, until the connection or the test ends. */
export function trickle({ socket }: SlowRequest): void {
  const timer = setInterval(() => socket.write('x'), 100);
  socket.once('close', () => clearInterval(timer));
  onTestFinished(() => clearInterval(timer));
}

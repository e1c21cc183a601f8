import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const startMaxMs = 10_000;

/** Waits until a program takes connections at a port of this machine; false when it ends before, or takes too long. */
export async function isListening(child: ChildProcess, port: number): Promise<boolean> {
  const deadline = performance.now() + startMaxMs;
  while (performance.now() < deadline && child.exitCode === null) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return true;
    await delay(50);
  }
  return false;
}

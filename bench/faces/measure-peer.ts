import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const ready = z.object({ simd: z.boolean(), threads: z.boolean(), faceCounts: z.array(z.number()) });

export interface PeerFigures {
  /** Photos a second, all processes together. */
  readonly photosPerSecond: number;
  readonly simd: boolean;
  readonly threads: boolean;
  readonly faceCounts: readonly number[];
}

/** So many processes of the peer side by side, warmed up, started together. */
export async function measurePeer(processes: number, rounds: number, threads: number): Promise<PeerFigures> {
  const children = Array.from({ length: processes }, () =>
    spawn(process.execPath, [path.join(import.meta.dirname, 'peer.ts'), String(rounds), String(threads)], {
      stdio: ['pipe', 'pipe', 'ignore'],
    }),
  );
  try {
    const lines = children.map((child) => createInterface(child.stdout)[Symbol.asyncIterator]());
    const states = await Promise.all(lines.map(async (line) => ready.parse(JSON.parse(await next(line, 'READY')))));
    for (const child of children) child.stdin.write('go\n');
    const msPerPhoto = await Promise.all(lines.map(async (line) => Number(await next(line, 'DONE'))));
    const [state] = states;
    if (!state) throw new Error('no process of the peer ran');
    return { ...state, photosPerSecond: msPerPhoto.reduce((sum, ms) => sum + 1000 / ms, 0) };
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

async function next(lines: AsyncIterator<string>, word: string): Promise<string> {
  for (;;) {
    const { done, value } = await lines.next();
    if (done) throw new Error('the peer ended before it was done');
    if (value.startsWith(`${word} `)) return value.slice(word.length + 1);
  }
}

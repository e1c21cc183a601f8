import { setTimeout as delay } from 'node:timers/promises';

export interface Sample {
  readonly ms: number;
  readonly isOk: boolean;
}

/**
 * Sends at a fixed rate, whether the answers came or not, so that a slow server does not slow its own measuring down. The
 * time of a sample counts from when it was due.
 */
export async function openLoop(
  perSecond: number,
  seconds: number,
  send: (index: number) => Promise<void>,
): Promise<Sample[]> {
  const startedAt = performance.now();
  const running: Promise<Sample>[] = [];
  const count = Math.round(perSecond * seconds);
  for (let index = 0; index < count; index++) {
    const dueAt = startedAt + (index * 1000) / perSecond;
    await delay(Math.max(0, dueAt - performance.now()));
    running.push(
      send(index).then(
        () => ({ ms: performance.now() - dueAt, isOk: true }),
        () => ({ ms: performance.now() - dueAt, isOk: false }),
      ),
    );
  }
  return Promise.all(running);
}

/** By nearest rank; failures count with the time they took. */
export function percentile(samples: readonly Sample[], share: number): number {
  const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

import type { Clock } from '@kilas/platform/process/clock.ts';

/** A clock that stands still until a test moves it. */
export function drivenClock(start = new Date('2026-05-01T00:00:00Z')): Clock & { advance(seconds: number): void } {
  let time = start.getTime();
  return {
    now: () => new Date(time),
    advance: (seconds) => {
      time += seconds * 1000;
    },
  };
}

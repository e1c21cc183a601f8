/** All of them, beginning with another one at each turn. */
export function inTurn<One>(all: readonly One[], turn: number): One[] {
  const start = turn % Math.max(1, all.length);
  return [...all.slice(start), ...all.slice(0, start)];
}

/** The one that has the least at work, the first of equals. */
export function leastBusy<One>(all: readonly One[], busyOf: (one: One) => number): One | undefined {
  return all.reduce<One | undefined>(
    (least, one) => (least === undefined || busyOf(one) < busyOf(least) ? one : least),
    undefined,
  );
}

export interface Waiter {
  /** Who it is for, from the widest to the narrowest, such as an address and a login; as many for each of a line. */
  readonly keys: readonly string[];
}

/**
 * A line of waiters. The next one is the waiter with the least at work, then the one who was served longest ago, then the one who came first. The
 * first key decides, and among waiters with the same first key the next key. When the line is full, a newcomer takes the place of the last waiter
 * of the largest group, if that group has two more waiters than the newcomer's own. So no large group keeps others waiting or out.
 */
export class FairLine<W extends Waiter> {
  readonly #max: number;
  readonly #waiting: W[] = [];
  /** By path: all keys down to one. */
  readonly #atWork = new Map<string, number>();
  readonly #servedAt = new Map<string, number>();
  #order = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** Answers with who has to leave: the newcomer, another one, or nobody. */
  add(newcomer: W): W | undefined {
    const leaving = this.#waiting.length < this.#max ? undefined : (this.#findCrowding(newcomer) ?? newcomer);
    if (leaving === newcomer) return leaving;
    if (leaving !== undefined) this.remove(leaving);
    this.#waiting.push(newcomer);
    return leaving;
  }

  remove(waiter: W): void {
    const at = this.#waiting.indexOf(waiter);
    if (at !== -1) this.#waiting.splice(at, 1);
  }

  /** Takes the next one out, who is at work from now until `end`. */
  next(): W | undefined {
    let among: readonly W[] = this.#waiting;
    for (let level = 0; level < (among[0]?.keys.length ?? 0); level++) {
      const [least] = [...Map.groupBy(among, ({ keys }) => pathOf(keys, level))].sort(([a], [b]) =>
        this.#compare(a, b),
      );
      among = least?.[1] ?? [];
    }
    const [next] = among;
    if (next === undefined) return undefined;
    this.remove(next);
    this.begin(next.keys);
    return next;
  }

  /** For work that had not to wait. */
  begin(keys: readonly string[]): void {
    this.#order += 1;
    for (const path of pathsOf(keys)) {
      this.#atWork.set(path, (this.#atWork.get(path) ?? 0) + 1);
      this.#servedAt.set(path, this.#order);
    }
  }

  end(keys: readonly string[]): void {
    for (const [level, path] of pathsOf(keys).entries()) {
      const left = (this.#atWork.get(path) ?? 1) - 1;
      if (left > 0) {
        this.#atWork.set(path, left);
        continue;
      }
      this.#atWork.delete(path);
      // Who has nothing here any more comes as anybody does.
      if (!this.#waiting.some((waiter) => pathOf(waiter.keys, level) === path)) this.#servedAt.delete(path);
    }
  }

  #compare(a: string, b: string): number {
    const atWork = (this.#atWork.get(a) ?? 0) - (this.#atWork.get(b) ?? 0);
    return atWork === 0 ? (this.#servedAt.get(a) ?? 0) - (this.#servedAt.get(b) ?? 0) : atWork;
  }

  #findCrowding({ keys }: W): W | undefined {
    let among: readonly W[] = this.#waiting;
    for (const level of keys.keys()) {
      const own = among.filter((waiter) => pathOf(waiter.keys, level) === pathOf(keys, level));
      const crowd = crowdOf(among, (waiter) => pathOf(waiter.keys, level));
      if (crowd.length > own.length + 1) return lastOfCrowd(crowd, level + 1);
      among = own;
    }
    return undefined;
  }
}

/** The largest group that shares a key; of equal groups the one that came first. */
export function crowdOf<T>(all: readonly T[], keyOf: (one: T) => string): readonly T[] {
  const groups = [...Map.groupBy(all, keyOf).values()];
  return groups.reduce((crowd, group) => (group.length > crowd.length ? group : crowd), []);
}

/** The last one of the largest group, then of the largest group within it, down to the narrowest key: never one of a small group beside a large one. */
function lastOfCrowd<W extends Waiter>(among: readonly W[], from: number): W | undefined {
  let crowd = among;
  for (let level = from; level < (among[0]?.keys.length ?? 0); level++) {
    const groups = [...Map.groupBy(crowd, ({ keys }) => pathOf(keys, level)).values()];
    const most = Math.max(...groups.map(({ length }) => length));
    const largest = new Set(groups.filter(({ length }) => length === most).flat());
    crowd = crowd.filter((waiter) => largest.has(waiter));
  }
  return crowd.at(-1);
}

function pathsOf(keys: readonly string[]): string[] {
  return keys.map((_key, level) => pathOf(keys, level));
}

function pathOf(keys: readonly string[], level: number): string {
  return JSON.stringify(keys.slice(0, level + 1));
}

/** Numbers from 0 to 1, the same for the same seed: mulberry32, by Tommy Ettinger, in the public domain. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<T>(random: () => number, items: readonly T[]): T | undefined {
  return items[Math.floor(random() * items.length)];
}

/** One of them by their weights; undefined for the part of `total` above their sum. */
export function drawByWeight<T extends { readonly weight: number }>(
  random: () => number,
  items: readonly T[],
  total = items.reduce((sum, { weight }) => sum + weight, 0),
): T | undefined {
  let left = random() * total;
  for (const item of items) {
    left -= item.weight;
    if (left < 0) return item;
  }
  return undefined;
}

const storageKey = 'kilas.seen-prices';
/** The oldest go first. */
const keptMax = 500;

/** The price at which this browser showed a photo of the cart before; undefined when it never did. */
export function seenPrice(photoId: string): number | undefined {
  return new Map(read()).get(photoId);
}

/** The buyer has seen this price. */
export function notePrice(photoId: string, priceIdr: number): void {
  const others = read().filter(([known]) => known !== photoId);
  localStorage.setItem(storageKey, JSON.stringify([...others, [photoId, priceIdr]].slice(-keptMax)));
}

function read(): [string, number][] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(stored) ? (stored as [string, number][]) : [];
  } catch {
    return [];
  }
}

/** The link of the mail opens another page than the one on which somebody signed up: where they wanted to go is kept for it. */
const storageKey = 'kilas.way-after-mail';
const keptMs = 24 * 3_600_000;

export function keepWay(next: string): void {
  localStorage.setItem(storageKey, JSON.stringify({ next, until: Date.now() + keptMs }));
}

/** Undefined when there was none, or too long ago. */
export function keptWay(): string | undefined {
  const kept = parse(localStorage.getItem(storageKey));
  return kept !== undefined && kept.until > Date.now() ? kept.next : undefined;
}

function parse(text: string | null): { next: string; until: number } | undefined {
  try {
    const { next, until } = JSON.parse(text ?? '') as { next?: unknown; until?: unknown };
    return typeof next === 'string' && typeof until === 'number' ? { next, until } : undefined;
  } catch {
    return undefined;
  }
}

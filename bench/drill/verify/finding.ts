import type { Cluster } from '@kilas/cluster/cluster.ts';
import type { Databases } from '../databases.ts';
import type { Book } from '../load/book.ts';
import type { World } from '../load/world.ts';

/** What is not as it was accepted. */
export interface Finding {
  readonly kind: 'lost' | 'doubled';
  readonly what: string;
}

export interface VerifyContext {
  readonly databases: Databases;
  readonly storage: Pick<Cluster['s3'], 'url' | 'keys'>;
  readonly world: World;
  readonly book: Book;
}

export type Check = (ctx: VerifyContext) => Promise<Finding[]>;

export const lost = (what: string): Finding => ({ kind: 'lost', what });
export const doubled = (what: string): Finding => ({ kind: 'doubled', what });

/** What must be there exactly once: none is lost, more are doubled. */
export function exactlyOnce(count: number, what: string): Finding[] {
  if (count === 1) return [];
  return [count === 0 ? lost(what) : doubled(`${what}: ${count} times`)];
}

/** How often each key comes. */
export function countBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

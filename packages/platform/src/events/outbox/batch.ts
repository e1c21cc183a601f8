import type { WaitingEvent } from './outbox-store.ts';

/** Far below what a message may hold. */
const bytesMax = 1024 * 1024;

/**
 * The next events of a page from `at` on that one call may carry, without keys that were stopped, and where to go on. An id comes once
 * in a call, since its answer is found by it: an event may be told anew under the id that it had.
 */
export function takeBatch(
  page: readonly WaitingEvent[],
  at: number,
  limits: { readonly size: number; readonly stopped: ReadonlySet<string> },
): { readonly batch: readonly WaitingEvent[]; readonly next: number } {
  const batch: WaitingEvent[] = [];
  const ids = new Set<string>();
  let bytes = 0;
  for (let next = at; next < page.length; next++) {
    const event = page[next];
    if (event === undefined || limits.stopped.has(event.key)) continue;
    bytes += event.payload.length;
    const isFull = batch.length >= limits.size || (bytes > bytesMax && batch.length > 0);
    if (isFull || ids.has(event.eventId)) return { batch, next };
    ids.add(event.eventId);
    batch.push(event);
  }
  return { batch, next: page.length };
}

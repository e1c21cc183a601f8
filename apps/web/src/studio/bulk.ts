import { answerOf, api } from '../api/api.ts';
import type { OwnFilter } from './use-own-grid.ts';

export interface Refusal {
  readonly photoId: string;
  readonly detail: string;
}

export interface BulkOutcome {
  /** Those that are otherwise than before. */
  readonly changed: readonly string[];
  readonly refused: readonly Refusal[];
}

const atOnce = 500;
/** Pages of a hundred that are read to learn the prices of before; those of a longer list are not undone. */
const pricePagesMax = 30;

export function changePrice(photoIds: readonly string[], priceIdr: number): Promise<BulkOutcome> {
  return inParts(photoIds, 'changed', (some) =>
    answerOf(api.PATCH('/v1/creator/photos', { body: { photoIds: some, priceIdr } })),
  );
}

export function changeHidden(photoIds: readonly string[], hidden: boolean): Promise<BulkOutcome> {
  return inParts(photoIds, 'changed', (some) =>
    answerOf(api.PATCH('/v1/creator/photos', { body: { photoIds: some, hidden } })),
  );
}

export function movePhotos(photoIds: readonly string[], eventId: string | null): Promise<BulkOutcome> {
  return inParts(photoIds, 'moved', (some) =>
    answerOf(api.POST('/v1/creator/photos/move', { body: { photoIds: some, eventId } })),
  );
}

export function deletePhotos(photoIds: readonly string[]): Promise<BulkOutcome> {
  return inParts(photoIds, 'deleted', (some) =>
    answerOf(api.POST('/v1/creator/photos/delete', { body: { photoIds: some } })),
  );
}

/** What the photos cost now; undefined when that would take too long to read. */
export async function readPrices(
  photoIds: readonly string[],
  { eventId, state }: OwnFilter,
): Promise<ReadonlyMap<string, number> | undefined> {
  const wanted = new Set(photoIds);
  const prices = new Map<string, number>();
  let cursor: string | undefined;
  for (let page = 0; page < pricePagesMax; page += 1) {
    const query = { eventId, limit: 100, ...(state && { state }), ...(cursor !== undefined && { cursor }) };
    const { items, nextCursor } = await answerOf(api.GET('/v1/creator/photos', { params: { query } }));
    for (const { photoId, priceIdr } of items) if (wanted.delete(photoId)) prices.set(photoId, priceIdr);
    if (wanted.size === 0) return prices;
    if (nextCursor === null) return undefined;
    cursor = nextCursor;
  }
  return undefined;
}

/** Gives photos the prices of before. */
export async function restorePrices(prices: ReadonlyMap<string, number>, changed: readonly string[]): Promise<void> {
  const byPrice = new Map<number, string[]>();
  for (const photoId of changed) {
    const price = prices.get(photoId);
    if (price !== undefined) byPrice.set(price, [...(byPrice.get(price) ?? []), photoId]);
  }
  for (const [price, photoIds] of byPrice) await changePrice(photoIds, price);
}

interface Answered {
  items: readonly { photoId: string; outcome: string; problem?: { detail: string } }[];
}

async function inParts(
  photoIds: readonly string[],
  changedBy: 'changed' | 'moved' | 'deleted',
  ask: (some: string[]) => Promise<Answered>,
): Promise<BulkOutcome> {
  const changed: string[] = [];
  const refused: Refusal[] = [];
  for (let at = 0; at < photoIds.length; at += atOnce) {
    const { items } = await ask(photoIds.slice(at, at + atOnce));
    for (const { photoId, outcome, problem } of items) {
      if (outcome === changedBy) changed.push(photoId);
      else if (problem !== undefined) refused.push({ photoId, detail: problem.detail });
    }
  }
  return { changed, refused };
}

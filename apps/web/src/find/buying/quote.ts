import { answerOf, api } from '../../api/api.ts';
import { ApiProblem } from '../../api/problem.ts';
import { type Figures, type Refusal, refusalsIn } from './refused-basket.ts';

/** What a basket costs by the server's sum, without what cannot be bought. */
export interface Quote {
  readonly figures: Figures;
  readonly refusals: readonly Refusal[];
}

const nothing: Figures = { lines: [], totalIdr: 0 };

/** Asks what photos cost together. Those that cannot be bought are named, and the sum is that of the others. */
export async function quotePhotos(photoIds: readonly string[], share: string | undefined): Promise<Quote> {
  const refusals: Refusal[] = [];
  let left = [...photoIds];
  while (left.length > 0) {
    try {
      const body = { photoIds: left, ...(share === undefined ? {} : { share }) };
      return { figures: await answerOf(api.POST('/v1/checkout/preview', { body })), refusals };
    } catch (error) {
      const refused = error instanceof ApiProblem ? refusalsIn(error) : [];
      const rest = left.filter((photoId) => refused.every((refusal) => refusal.photoId !== photoId));
      if (rest.length === left.length) throw error;
      refusals.push(...refused);
      left = rest;
    }
  }
  return { figures: nothing, refusals };
}

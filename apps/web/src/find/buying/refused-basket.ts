import type { Answer } from '../../api/api.ts';
import type { ApiProblem } from '../../api/problem.ts';

export type Figures = Answer<'/v1/checkout/preview', 'post'>;

/** Why one photo of a basket cannot be bought now. */
export interface Refusal {
  readonly photoId: string;
  readonly reason: string;
  /** My own open order that has it. */
  readonly orderId?: string;
}

/** The photos for which an order or its preview was refused. */
export function refusalsIn({ document }: ApiProblem): Refusal[] {
  if (!Array.isArray(document.refusals)) return [];
  // So the API writes its refusals of a basket.
  return document.refusals as Refusal[];
}

/** The figures of now, which come with the refusal of older ones. */
export function figuresIn({ code, document }: ApiProblem): Figures | undefined {
  // So the API writes PRICE_CHANGED.
  return code === 'PRICE_CHANGED' ? (document.figures as Figures) : undefined;
}

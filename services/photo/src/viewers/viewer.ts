import type { Identity } from '@kilas/identity/identity.ts';
import { type DefaultCut, defaultCutOf } from '@kilas/matching/default-cut.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';

/** How near a face must come to be shown to the member it is taken for. */
export interface MatchCut extends DefaultCut {
  /** 1 to 9 as the member chose, or 0 for the default. */
  readonly levelChosen: number;
}

/** Who looks at a photo or an event. */
export interface Viewer {
  readonly memberId: string | null;
  /** Token of an unlisted event's link. */
  readonly shareToken: string | null;
  readonly cut: MatchCut;
}

/** Query parameter of the routes that a link to an unlisted event opens. */
export const shareQuery = z.string().max(100).optional().describe('From the link to an unlisted event');

/** The one who looks by what user says of them; nobody who signed in is undefined. */
export function viewerOf(
  ctx: Pick<PhotoContext, 'config'>,
  identity: Pick<Identity, 'accountId' | 'matchLevel'> | undefined,
  shareToken?: string,
): Viewer {
  return {
    memberId: identity?.accountId ?? null,
    shareToken: shareToken ?? null,
    cut: cutOf(ctx, identity?.matchLevel ?? 0),
  };
}

/** The cut of a member who chose this level, or none (0). */
export function cutOf({ config }: Pick<PhotoContext, 'config'>, levelChosen: number): MatchCut {
  return { levelChosen, ...defaultCutOf(config) };
}

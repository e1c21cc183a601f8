import { countsFirst, type DefaultCut } from '@kilas/matching/default-cut.ts';

export interface FaceQuality {
  readonly eyeDistancePx: number;
  readonly sharpness: number;
  readonly exposure: number;
  readonly overall?: number | undefined;
}

/** What a member says of a match; `suggested` until they do. */
export type Answer = 'suggested' | 'confirmed' | 'rejected';

/** A member's face in a photo, as ai tells it. */
export interface Match {
  readonly photoId: string;
  readonly memberId: string;
  readonly facecamId: string;
  readonly consentEpoch: number;
  /** As the pack measures it, normalised where it is; smaller is nearer, and only distances of one pack are compared. */
  readonly distance: number;
  readonly level: number;
  readonly falseMatchRate: number;
  /** Of the member, as many as were searched: each is a trial in which a stranger may come near. */
  readonly facecamCount: number;
  /** The member is asked before it is shown. */
  readonly isUnsure: boolean;
  /** The model pack that found it; undefined where it was not told. */
  readonly packId?: string | undefined;
  /** Undefined where it was not told. */
  readonly quality?: FaceQuality | undefined;
  /** Fractions of the photo's width and height. */
  readonly box: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
}

/** One match of each pair, one that counts first before the nearest: one person appears at most once in a photo. */
export function bestPerPair(matches: readonly Match[], cut: DefaultCut): Match[] {
  const best = new Map<string, Match>();
  for (const match of matches) {
    const pair = `${match.photoId} ${match.memberId}`;
    const known = best.get(pair);
    if (known === undefined || isBetter(match, known, cut)) best.set(pair, match);
  }
  return [...best.values()];
}

function isBetter(match: Match, known: Match, cut: DefaultCut): boolean {
  const [isFirst, isKnownFirst] = [match, known].map((one) => countsFirst(cut, { ...one, isSure: !one.isUnsure }));
  if (isFirst !== isKnownFirst) return isFirst === true;
  return match.distance < known.distance;
}

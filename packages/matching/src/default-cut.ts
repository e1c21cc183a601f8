import { z } from 'zod';

/** Settings of photo, which shows, and of ai, which erases what was shown: an installation gives both the same. */
export const defaultCutEnv = z.object({
  /** Strangers that a member may expect to be shown in an event. */
  STRANGERS_PER_EVENT_MAX: z.coerce.number().positive().default(0.5),
  /** The loosest level shown to a member who chose none, however few faces were searched. */
  DEFAULT_LEVEL_MIN: z.coerce.number().int().min(1).max(9).default(3),
});

/** What a member who chose no level is shown. */
export interface DefaultCut {
  /** The loosest level, 1 to 9. */
  readonly levelMin: number;
  /** Strangers that a member may expect in one gallery. */
  readonly strangersMax: number;
}

export function defaultCutOf(config: z.output<typeof defaultCutEnv>): DefaultCut {
  return { levelMin: config.DEFAULT_LEVEL_MIN, strangersMax: config.STRANGERS_PER_EVENT_MAX };
}

/** The cut of an installation that configured nothing. */
export function usualCut(): DefaultCut {
  return defaultCutOf(defaultCutEnv.parse({}));
}

/** Whether a level is shown by default where few faces were searched. */
export function isLevelShown({ levelMin }: DefaultCut, level: number): boolean {
  return level >= levelMin;
}

/**
 * Whether a face is taken for a member's, so that they are shown it by default. `trials`: faces of the gallery, for each facecam that they
 * were compared with; `falseMatchRate`: how likely a stranger's comes as near. photo states the same in SQL, `isShown`.
 */
export function isShownByDefault(
  cut: DefaultCut,
  match: { readonly level: number; readonly falseMatchRate: number },
  trials: number,
): boolean {
  return isLevelShown(cut, match.level) && match.falseMatchRate * trials <= cut.strangersMax;
}

/** Whether a face counts before a nearer one of the same photo: a sure one, unless it would be shown to nobody by default. */
export function countsFirst(cut: DefaultCut, face: { readonly isSure: boolean; readonly level: number }): boolean {
  return face.isSure && isLevelShown(cut, face.level);
}

import type { Landmarks } from '../packs/face-pack.ts';
import type { Box } from '../pixels/rgb-image.ts';
import type { TurnDeg } from '../pixels/turn.ts';

/**
 * A face in pixels of the picture: `box` may reach outside it when its edge crops a face; `score` is the detector's, 0..1;
 * `turnDeg` says how the face was seen, within some 30°; `points` are the detector's own, if it gives any.
 */
export type Detection = { box: Box; score: number; turnDeg: TurnDeg; points?: Landmarks };

import type { FaceDetector } from '../packs/face-pack.ts';
import type { RgbImage } from '../pixels/rgb-image.ts';
import { quarterTurns, sizeUpright, type TurnDeg } from '../pixels/turn.ts';
import type { Detection } from './detection.ts';
import { Look } from './look.ts';
import { planFrame, planScales, planTiles } from './plan-views.ts';

/** `pixelCount`: of all views that the detector looked at. */
export type DetectionResult = { faces: Detection[]; pixelCount: number };

/** A finer scale speaks of faces up to this multiple of the smallest that the one before it shows: larger ones were seen whole. */
const leftToCoarser = 2;
/** In a picture with a face of this share of its long edge, a tile would show passers-by at most. */
const portraitShare = 0.25;
/** A face of this share of the long edge is found best with much room around it. */
const fillingShare = 0.4;
/** Pictures up to this long edge came by a messenger: on finer scales only those are looked at in which small faces were found. */
const smallPicturePx = 2400;

/** Finds the faces of a picture, best score first, at most facesPerImageMax. */
export async function detectFaces(detector: FaceDetector, picture: RgbImage): Promise<DetectionResult> {
  const look = await lookForFaces(detector, picture);
  return { faces: await look.faces(), pixelCount: look.pixelCount };
}

/**
 * First looks at the whole frame, then, where that can pay, at parts of the picture on finer scales, down to faces of faceWantedPx.
 * What looks like a face, but not like one for certain, is looked at once more, closer, and what is no upright face in all turns.
 */
export async function lookForFaces(detector: FaceDetector, picture: RgbImage): Promise<Look> {
  const look = new Look(detector, picture);
  await lookAtFrame(look, 0);
  const largest = look.largestFaceShare();
  if (largest === 0 || largest > fillingShare) await look.at([planFrame(picture, detector, true)]);
  if (look.largestFaceShare() === 0) for (const turnDeg of quarterTurns) await lookAtFrame(look, turnDeg);
  await lookAtTiles(look, 0);
  await lookTurned(look, await look.rejectedHints());
  return look;
}

/**
 * Looks in all turns at what may be a turned face; where some are, at the whole frame in their turns; and where most are turned one way, at
 * everything so: the picture lies on its side or head. Answers whether there was one.
 */
export async function lookTurned(look: Look, doubts: readonly Detection[]): Promise<boolean> {
  const turns = await look.turn(doubts);
  turns.push(...(await look.turn(await look.uprightAmongTurned())));
  for (const turnDeg of new Set(turns)) await lookAtFrame(look, turnDeg);
  const turnOfMost = await look.turnOfMost();
  if (turnOfMost !== undefined) await lookAtTiles(look, turnOfMost);
  return turns.length > 0;
}

/** Once in each turn. */
async function lookAtFrame(look: Look, turnDeg: TurnDeg): Promise<void> {
  if (look.framesSeen.has(turnDeg)) return;
  look.framesSeen.add(turnDeg);
  await look.at([planFrame(sizeUpright(look.picture, turnDeg), look.detector)], turnDeg);
}

/** On finer scales, where that can pay; once in each turn. */
async function lookAtTiles(look: Look, turnDeg: TurnDeg): Promise<void> {
  if (look.tilesSeen.has(turnDeg) || look.largestFaceShare() >= portraitShare) return;
  look.tilesSeen.add(turnDeg);
  const { picture, detector } = look;
  const upright = sizeUpright(picture, turnDeg);
  let { scale: coarser } = planFrame(upright, detector);
  for (const scale of planScales(upright, detector)) {
    if (Math.max(picture.width, picture.height) <= smallPicturePx && !(await look.seesSmallFaces())) break;
    const facePxMax = (detector.faceMinPx * leftToCoarser * scale) / coarser;
    look.leaveSmallHints();
    await look.at(planTiles(upright, scale, detector), turnDeg, facePxMax);
    coarser = scale;
  }
}

import { type Face, type Point, pictureSide } from './find-faces.ts';

/** What to tell the person before the camera; `good`: nothing. */
export type Hint = 'dark' | 'bright' | 'nobody' | 'many' | 'closer' | 'back' | 'middle' | 'look' | 'good';

/** The server refuses below 0.12 and above 0.88, with light that may have changed by then. */
const lightMin = 0.18;
const lightMax = 0.85;
/** Of the server, which refuses 40, with room for a hand that moves. */
const eyeDistanceMinPx = 56;
/** A face that fills more reaches over the edge soon. */
const widthShareMax = 0.8;
/** A second face that is larger than this share of the first is no passer-by. */
const secondFaceShareMax = 1 / 3;
/** How far the nose lies from the middle of the eyes, in eye distances, at a yaw of some 25 degrees. */
const noseAsideMax = 0.3;
/** How far down from the eyes to the mouth the nose lies. */
const noseDown = { min: 0.3, max: 0.85 };

export interface Frame {
  readonly rgba: Uint8ClampedArray;
  /** Of the camera, by side of the square: the picture lies in its middle. */
  readonly width: number;
  readonly height: number;
}

/** `faces` undefined: no detector works here, and only the light is judged. */
export function judgeFrame(frame: Frame, faces: readonly Face[] | undefined): Hint {
  const [face, second] = faces ?? [];
  const light = lightOf(frame, face);
  if (light < lightMin) return 'dark';
  if (light > lightMax) return 'bright';
  if (faces === undefined) return 'good';
  if (face === undefined) return 'nobody';
  if (second !== undefined && second.width > face.width * secondFaceShareMax) return 'many';
  const side = Math.max(frame.width, frame.height);
  if (eyeDistance(face) * side < eyeDistanceMinPx) return 'closer';
  if (face.width * side > Math.min(frame.width, frame.height) * widthShareMax) return 'back';
  if (reachesOver(face, frame)) return 'middle';
  return Math.abs(noseAside(face)) > noseAsideMax || !isLevel(face) ? 'look' : 'good';
}

/**
 * How far the nose lies beside the middle of the eyes, in eye distances: positive when the head is turned to the right side of the picture, which
 * is the left of the person.
 */
export function noseAside({ eyes: [a, b], nose }: Face): number {
  const axis = { x: b.x - a.x, y: b.y - a.y };
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  return ((nose.x - middle.x) * axis.x + (nose.y - middle.y) * axis.y) / (axis.x ** 2 + axis.y ** 2);
}

function isLevel({ eyes: [a, b], nose, mouth }: Face): boolean {
  const down = (point: Point) => (point.y - a.y) * (b.x - a.x) - (point.x - a.x) * (b.y - a.y);
  const share = down(nose) / down(mouth);
  return share > noseDown.min && share < noseDown.max;
}

function eyeDistance({ eyes: [a, b] }: Face): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

/** Whether the face touches the edge of the picture. */
function reachesOver({ left, top, width, height }: Face, frame: Frame): boolean {
  const side = Math.max(frame.width, frame.height);
  const [aside, above] = [(1 - frame.width / side) / 2, (1 - frame.height / side) / 2];
  return left < aside || left + width > 1 - aside || top < above || top + height > 1 - above;
}

/** Mean luma from 0 to 1 of the face, or of the whole picture. */
function lightOf({ rgba, width, height }: Frame, face: Face | undefined): number {
  const side = Math.max(width, height);
  const whole = {
    left: (1 - width / side) / 2,
    top: (1 - height / side) / 2,
    width: width / side,
    height: height / side,
  };
  const { left, top, width: across, height: down } = face ?? whole;
  const at = (share: number) => Math.min(pictureSide, Math.max(0, Math.round(share * pictureSide)));
  let sum = 0;
  let count = 0;
  for (let y = at(top); y < at(top + down); y++) {
    for (let x = at(left); x < at(left + across); x++) {
      const place = (y * pictureSide + x) * 4;
      sum += 0.2126 * (rgba[place] ?? 0) + 0.7152 * (rgba[place + 1] ?? 0) + 0.0722 * (rgba[place + 2] ?? 0);
      count += 1;
    }
  }
  return count === 0 ? 0 : sum / count / 255;
}

import sharp from 'sharp';
import { outsideGrey } from './render-view.ts';
import type { Box, Point, RgbImage } from './rgb-image.ts';

/**
 * How far a face is turned in its picture, clockwise, in degrees: at 0 it is upright, at 90 its crown points to the right. Detector and
 * landmarks see a face that is turned by up to some 30°, so that eight turns are enough.
 */
export type TurnDeg = 0 | 45 | 90 | 135 | 180 | 225 | 270 | 315;

export const allTurns: readonly TurnDeg[] = [0, 90, 270, 180, 45, 315, 135, 225];
/** Of a picture that was stored on its side or head. */
export const quarterTurns: readonly TurnDeg[] = [90, 270, 180];

/** The two next ones. */
export function turnsBeside(turnDeg: TurnDeg): TurnDeg[] {
  return allTurns.filter((other) => [45, 315].includes((other - turnDeg + 360) % 360));
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** By a turn, around the origin. */
export function turnPoint({ x, y }: Point, turnDeg: TurnDeg): Point {
  const [cos, sin] = cosSin(turnDeg);
  return { x: x * cos - y * sin, y: x * sin + y * cos };
}

/** The turn that undoes it. */
export function turnBack(turnDeg: TurnDeg): TurnDeg {
  return allTurns.find((other) => (other + turnDeg) % 360 === 0) ?? 0;
}

export function cosSin(turnDeg: TurnDeg): [cos: number, sin: number] {
  const angle = (turnDeg * Math.PI) / 180;
  const isQuarter = turnDeg % 90 === 0;
  return isQuarter ? [Math.round(Math.cos(angle)), Math.round(Math.sin(angle))] : [Math.cos(angle), Math.sin(angle)];
}

/**
 * The sides of the box around an oval of this size when it is turned. A face is one: the corners of its box would make the box of a
 * face turned by 45° half as large again.
 */
export function turnOval({ width, height }: Size, turnDeg: TurnDeg): Size {
  const [cos, sin] = cosSin(turnDeg);
  return { width: Math.hypot(width * cos, height * sin), height: Math.hypot(width * sin, height * cos) };
}

/** The box, in the picture, of a face that is upright where `box` was measured; `centre` is the middle of that box in the picture. */
export function turnedBox(box: Size, turnDeg: TurnDeg, centre: Point): Box {
  const { width, height } = turnOval(box, turnDeg);
  return { x: centre.x - width / 2, y: centre.y - height / 2, width, height };
}

/** Of a picture when faces with this turn are stood upright. */
export function sizeUpright({ width, height }: Size, turnDeg: TurnDeg): Size {
  const [cos, sin] = cosSin(turnDeg).map(Math.abs) as [number, number];
  return { width: width * cos + height * sin, height: width * sin + height * cos };
}

/** The picture turned so that faces with this turn are upright; what lies outside is grey. Its middle stays its middle. */
export async function standUpright(picture: RgbImage, turnDeg: TurnDeg): Promise<RgbImage> {
  if (turnDeg === 0) return picture;
  const raw = { width: picture.width, height: picture.height, channels: 3 } as const;
  const background = { r: outsideGrey, g: outsideGrey, b: outsideGrey };
  const { data, info } = await sharp(picture.data, { raw, limitInputPixels: false })
    .rotate(360 - turnDeg, { background })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

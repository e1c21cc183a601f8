import { decodeImage } from '../pixels/decode-image.ts';
import type { Point, RgbImage } from '../pixels/rgb-image.ts';
import { quarterTurns, standUpright, type TurnDeg, turnBack, turnPoint } from '../pixels/turn.ts';
import type { Eyes } from './crop-for-liveness.ts';
import { type Liveness, type LivenessNets, openLivenessNets } from './liveness-nets.ts';

/** Of this thread; opened by the first selfie, so that a process which sees none pays nothing. */
let nets: Promise<LivenessNets> | undefined;

/** Throws as decodeImage; when the nets do not open, the next call tries anew. */
export async function scoreLiveness(file: Uint8Array, eyes: Eyes): Promise<Liveness> {
  const { image, eyes: uprightEyes } = await standByEyes(await decodeImage(file), eyes);
  nets ??= openLivenessNets().catch((error: unknown) => {
    nets = undefined;
    throw error;
  });
  return (await nets).score(image, uprightEyes);
}

/** The nets know heads that lean, none that lie: a picture on its side or head is stood upright by quarter turns. */
async function standByEyes(image: RgbImage, eyes: Eyes): Promise<{ image: RgbImage; eyes: Eyes }> {
  const across = { x: eyes.leftEye.x - eyes.rightEye.x, y: eyes.leftEye.y - eyes.rightEye.y };
  const levelAfter = (turnDeg: TurnDeg) => turnPoint(across, turnBack(turnDeg)).x;
  const [turnDeg = 0] = [0 as const, ...quarterTurns].toSorted((a, b) => levelAfter(b) - levelAfter(a));
  if (turnDeg === 0) return { image, eyes };
  const upright = await standUpright(image, turnDeg);
  const move = ({ x, y }: Point): Point => {
    const turned = turnPoint({ x: x - image.width / 2, y: y - image.height / 2 }, turnBack(turnDeg));
    return { x: turned.x + upright.width / 2, y: turned.y + upright.height / 2 };
  };
  return { image: upright, eyes: { rightEye: move(eyes.rightEye), leftEye: move(eyes.leftEye) } };
}

export async function closeLiveness(): Promise<void> {
  await (await nets)?.close();
}

import type { AnalysedFace, ImageAnalysis } from '@kilas/face-engine/analysis/analyse-image.ts';
import { lookAt } from '../trial/look-at.ts';
import type { Trial } from '../trial/open-trial.ts';
import type { Crowd } from './read-crowd.ts';
import { type ServedFace, toServedFace } from './served-face.ts';

/** The longer side of the box of the smallest face of a group photo that is measured. */
const groupFaceMinPx = 40;
/** Images in work: two engines each look at one while they decode the next. */
const IN_FLIGHT = 4;

export interface Portrait {
  /** Index into `people`. */
  readonly person: number;
  readonly file: string;
  /** Absent when no face was found. */
  readonly face: ServedFace | undefined;
}

export interface GroupFace {
  /** Index of the group photo. */
  readonly photo: number;
  readonly face: ServedFace;
}

/** What the service sees of a crowd. */
export interface CrowdFaces {
  readonly people: readonly { readonly name: string; readonly region: string | undefined }[];
  /** In the order of the people, each one's in the order of the index. */
  readonly portraits: readonly Portrait[];
  readonly groupFaces: readonly GroupFace[];
  readonly photoCount: number;
}

/** Looks at every photo of a crowd through the analyser that serves. */
export async function measureFaces(
  trial: Trial,
  crowd: Crowd,
  { stop, onStep }: { stop: AbortSignal; onStep(done: number, count: number): void },
): Promise<CrowdFaces> {
  const shots = crowd.people.flatMap(({ files }, person) => files.map((file) => ({ person, file })));
  const count = shots.length + crowd.groups.length;
  let done = 0;
  const look = async (file: string) => {
    const analysis = await lookAt(trial, file, stop);
    onStep(++done, count);
    return analysis;
  };
  const portraits = await inFlight(shots, stop, async ({ person, file }) => {
    const face = middleFace(await look(file));
    return { person, file, face: face && toServedFace(face, file) };
  });
  const groupFaces = await inFlight(crowd.groups, stop, async (file, photo) => {
    const large = (await look(file)).faces.filter(({ box }) => Math.max(box.width, box.height) >= groupFaceMinPx);
    return large.map((face) => ({ photo, face: toServedFace(face, file) }));
  });
  return { people: crowd.people, portraits, groupFaces: groupFaces.flat(), photoCount: crowd.groups.length };
}

/** The face nearest to the middle of a portrait, the larger one of two that are as near: whose portrait it is. */
export function middleFace({ width, height, faces }: ImageAnalysis): AnalysedFace | undefined {
  const away = ({ box }: AnalysedFace) =>
    Math.hypot(box.x + box.width / 2 - width / 2, box.y + box.height / 2 - height / 2);
  const area = ({ box }: AnalysedFace) => box.width * box.height;
  return faces.toSorted((a, b) => away(a) - away(b) || area(b) - area(a))[0];
}

/** Answers in the order of the items; ends, when one fails, after those in work have ended too. */
async function inFlight<Item, Answer>(
  items: readonly Item[],
  stop: AbortSignal,
  work: (item: Item, index: number) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const waiting = items.entries();
  const run = async () => {
    for (const [i, item] of waiting) {
      stop.throwIfAborted();
      answers[i] = await work(item, i);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: IN_FLIGHT }, run));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return answers;
}

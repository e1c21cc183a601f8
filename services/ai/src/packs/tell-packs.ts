import type { AiContext } from '../context.ts';
import { DEFAULT_PACK_ID, DLIB_PACK_ID } from '../inference/graph-pack.ts';
import type { PackManifest } from '../inference/packs/manifest.ts';

/** Says once, at the start, what an operator should know of the packs in force and cannot see: one line each. */
export function tellPacks({ log, packs }: Pick<AiContext, 'log' | 'packs'>): void {
  const trainedOn = Object.fromEntries(packs.list().map(({ manifest }) => [manifest.id, dataOf(manifest)]));
  log.info({ trainedOn }, 'what is known, and what is not, of the pictures that the nets in force were trained on');
  if (packs.currentId !== DLIB_PACK_ID) return;
  log.warn(
    { packId: DLIB_PACK_ID },
    `the model pack in force lets through far more strangers than was stated; to change it set FACE_PACK=${DEFAULT_PACK_ID} FACE_PACK_OLD=${DLIB_PACK_ID} FACE_PACK_OLD_UNTIL=<time>, see docs/packs.md`,
  );
}

function dataOf({ detector, landmarks, embedder }: PackManifest): Readonly<Record<string, string>> {
  return {
    detector: detector.licence.data,
    ...(landmarks.kind === 'of-detector' ? {} : { landmarks: landmarks.licence.data }),
    embedder: embedder.licence.data,
  };
}

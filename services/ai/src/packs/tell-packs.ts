import { DEFAULT_PACK_ID, DLIB_PACK_ID } from '@kilas/face-engine/packs/built-in-packs.ts';
import type { PackManifest } from '@kilas/face-engine/packs/manifest.ts';
import type { PackCard } from '@kilas/face-engine/packs/pack-card.ts';
import { readBuiltInCard } from '@kilas/face-engine/packs/read-built-in-card.ts';
import type { AiContext } from '../context.ts';

/** Says once, at the start, what an operator should know of the packs in force and cannot see: one line each. */
export async function tellPacks({ log, packs }: Pick<AiContext, 'log' | 'packs'>): Promise<void> {
  const trainedOn = Object.fromEntries(packs.list().map(({ manifest }) => [manifest.id, dataOf(manifest)]));
  // A warning, so that it is read at the level at which an installation logs by default.
  log.warn({ trainedOn }, 'what is known, and what is not, of the pictures that the nets in force were trained on');
  const { currentId: packId, forcedDespite } = packs;
  if (forcedDespite.length > 0) {
    const lost = forcedDespite.join('; ');
    log.warn({ packId }, `FACE_PACK_FORCE took a model pack that may show strangers to members: ${lost}`);
  }
  if (packId !== DLIB_PACK_ID) return;
  const measured = describeStrangers(await readBuiltInCard(DLIB_PACK_ID));
  log.warn(
    { packId },
    `the model pack in force lets through far more strangers than was stated: ${measured}; to change it set FACE_PACK=${DEFAULT_PACK_ID} FACE_PACK_OLD=${DLIB_PACK_ID} FACE_PACK_OLD_UNTIL=<time>, see docs/packs.md`,
  );
}

/** At the default cut of an event of 10,000 faces. */
function describeStrangers({ people, stated, groups }: PackCard): string {
  const rateOf = (name: string) =>
    groups.find((group) => group.name === name)?.rate.toExponential(1) ?? 'an unknown share';
  return `${stated.toExponential(1)} was stated, on ${people} people ${rateOf('everyone')} was measured, ${rateOf('one region')} of people of one region, ${rateOf('within one photo')} within one photo`;
}

function dataOf({ detector, landmarks, embedder }: PackManifest): Readonly<Record<string, string>> {
  return {
    detector: detector.licence.data,
    ...(landmarks.kind === 'of-detector' ? {} : { landmarks: landmarks.licence.data }),
    embedder: embedder.licence.data,
  };
}

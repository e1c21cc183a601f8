import path from 'node:path';
import { LEVEL_MAX } from '@kilas/ai/inference/calibration.ts';
import type { EvaluatedSet, RefusedPicture } from './evaluate-set.ts';
import { listRequired, outcomeOf, type Score, type ScoredPhoto, type Sighting, scoreSightings } from './score.ts';

type IsShown = (set: EvaluatedSet, sighting: Sighting) => boolean;

/** What is found, missed and wrong, with each fault by name; answers the score at the default cut over all sets. */
export function printEvaluation(
  sets: readonly EvaluatedSet[],
  isShownByDefault: IsShown,
  print: (line: string) => void,
): Score {
  for (const set of sets) {
    print(
      `${set.name}: ${set.photos.length} photos with ${set.faceCount} faces, searched by ${set.facecamCount} facecams`,
    );
    for (const line of set.refused.map(describeRefused)) print(`  ${line}`);
    for (const line of set.photos.flatMap((scored) => faultsOf(scored, (s) => isShownByDefault(set, s)))) {
      print(`  ${line}`);
    }
  }
  print('');
  print(row(['cut', 'found', 'missed', 'wrong', 'strangers', 'optional']));
  const total = (isShown: IsShown) =>
    sets.map((set) => scoreSightings(set.photos, (sighting) => isShown(set, sighting))).reduce(addScores);
  for (let level = 1; level <= LEVEL_MAX; level++) {
    print(
      scoreRow(
        `level ${level}`,
        total((_, sighting) => sighting.level >= level),
      ),
    );
  }
  const atDefault = total(isShownByDefault);
  print(scoreRow('default', atDefault));
  print('');
  for (const line of describeMargin(sets.flatMap(({ photos }) => photos))) print(line);
  return atDefault;
}

const fates: Readonly<Record<RefusedPicture['fate'], string>> = {
  enrolled: 'enrolled all the same',
  'left out': 'left out',
  'no face': 'left out, there is no face to take',
  'another person': 'left out, its face is far from the other pictures',
};

function describeRefused({ person, file, reason, fate }: RefusedPicture): string {
  return `${person}/${path.basename(file)} would be refused as a facecam: ${reason}; ${fates[fate]}`;
}

function faultsOf(scored: ScoredPhoto, isShown: (sighting: Sighting) => boolean): string[] {
  const { photo, sightings } = scored;
  const shown = sightings.filter(isShown);
  const faults = shown.flatMap((sighting) => {
    const outcome = outcomeOf(scored, sighting);
    if (outcome === 'wrong') return [`WRONG    ${photo.name}: ${describe(sighting)}, by another one's face`];
    if (outcome === 'stranger') return [`STRANGER ${photo.name}: ${describe(sighting)}`];
    return [];
  });
  const isFound = (person: string) => shown.some((s) => s.person === person && outcomeOf(scored, s) === 'found');
  const missed = listRequired(photo).filter((person) => !isFound(person));
  return [
    ...faults,
    ...missed.map((person) => {
      const near = sightings.find((sighting) => sighting.person === person);
      return `MISSED   ${photo.name}: ${near === undefined ? `${person}, no face is near enough` : describe(near)}`;
    }),
  ];
}

function describe({ person, distance, level }: Sighting): string {
  return `${person} at ${distance.toFixed(3)} (level ${level})`;
}

/** How far right and wrong pairs are apart, as far as pairs are stored at all. */
function describeMargin(photos: readonly ScoredPhoto[]): string[] {
  const pairs = photos.flatMap((scored) =>
    scored.sightings.map((sighting) => ({ sighting, outcome: outcomeOf(scored, sighting), photo: scored.photo.name })),
  );
  const isRight = (outcome: string) => outcome === 'found' || outcome === 'optional';
  const byDistance = pairs.toSorted((a, b) => a.sighting.distance - b.sighting.distance);
  const farthest = byDistance.filter(({ outcome }) => isRight(outcome)).at(-1);
  const nearest = byDistance.find(({ outcome }) => !isRight(outcome));
  const tell = (pair: (typeof pairs)[number]) => `${describe(pair.sighting)} in ${pair.photo}`;
  return [
    `farthest right pair: ${farthest === undefined ? 'none' : tell(farthest)}`,
    `nearest wrong pair: ${nearest === undefined ? 'none is near enough to be stored' : tell(nearest)}`,
  ];
}

function scoreRow(name: string, { found, missed, wrong, strangers, optionalFound, optionalCount }: Score): string {
  return row([name, found, missed, wrong, strangers, `${optionalFound} of ${optionalCount}`].map(String));
}

function row([first = '', ...others]: readonly string[]): string {
  return first.padEnd(9) + others.map((cell) => cell.padStart(11)).join('');
}

function addScores(a: Score, b: Score): Score {
  return {
    found: a.found + b.found,
    missed: a.missed + b.missed,
    wrong: a.wrong + b.wrong,
    strangers: a.strangers + b.strangers,
    optionalFound: a.optionalFound + b.optionalFound,
    optionalCount: a.optionalCount + b.optionalCount,
  };
}

import path from 'node:path';
import { levelMax } from '@kilas/face-engine/distances/calibration.ts';
import type { EvaluatedSet, RefusedPicture } from './evaluate-set.ts';
import {
  listRequired,
  type Outcome,
  outcomeOf,
  type Score,
  type ScoredPhoto,
  type Sighting,
  scoreSightings,
} from './score.ts';

/** Whether a sighting is near enough to be shown, or asked about. */
type IsNear = (set: EvaluatedSet, sighting: Sighting) => boolean;

/** What is found, missed, wrong and asked, with each fault and question by name; answers the score at the default cut over all sets. */
export function printEvaluation(
  sets: readonly EvaluatedSet[],
  isNearByDefault: IsNear,
  print: (line: string) => void,
): Score {
  for (const set of sets) {
    print(
      `${set.name}: ${set.photos.length} photos with ${set.faceCount} faces, searched by ${set.facecamCount} facecams`,
    );
    for (const line of set.refused.map(describeRefused)) print(`  ${line}`);
    for (const line of set.photos.flatMap((scored) => describePhoto(scored, (s) => isNearByDefault(set, s)))) {
      print(`  ${line}`);
    }
  }
  print('');
  print(row(['cut', 'found', 'missed', 'wrong', 'strangers', 'asked', 'optional']));
  const total = (isNear: IsNear) =>
    sets.map((set) => scoreSightings(set.photos, (sighting) => isNear(set, sighting))).reduce(addScores);
  for (let level = 1; level <= levelMax; level++) {
    print(
      scoreRow(
        `level ${level}`,
        total((_, sighting) => sighting.level >= level),
      ),
    );
  }
  const atDefault = total(isNearByDefault);
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

const whoseFace: Readonly<Record<Outcome, string>> = {
  found: 'by their own face',
  optional: 'by their own face',
  wrong: "by another one's face",
  stranger: 'who is not labelled there',
};

function describeRefused({ person, file, reason, fate }: RefusedPicture): string {
  return `${person}/${path.basename(file)} would be refused as a facecam: ${reason}; ${fates[fate]}`;
}

/** Faults of a photo, and who is asked in it. */
function describePhoto(scored: ScoredPhoto, isNear: (sighting: Sighting) => boolean): string[] {
  const { photo, sightings } = scored;
  const near = sightings.filter(isNear);
  const lines = near.flatMap((sighting) => {
    const outcome = outcomeOf(scored, sighting);
    if (sighting.isAsked) return [`ASKED    ${photo.name}: ${describe(sighting)}, ${whoseFace[outcome]}`];
    if (outcome === 'wrong') return [`WRONG    ${photo.name}: ${describe(sighting)}, by another one's face`];
    if (outcome === 'stranger') return [`STRANGER ${photo.name}: ${describe(sighting)}`];
    return [];
  });
  const isFound = (person: string) =>
    near.some((s) => s.person === person && !s.isAsked && outcomeOf(scored, s) === 'found');
  const missed = listRequired(photo).filter((person) => !isFound(person));
  return [
    ...lines,
    ...missed.map((person) => {
      const nearest = sightings.find((sighting) => sighting.person === person);
      return `MISSED   ${photo.name}: ${nearest === undefined ? `${person}, no face is near enough` : describe(nearest)}`;
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

function scoreRow(
  name: string,
  { found, missed, wrong, strangers, asked, optionalFound, optionalCount }: Score,
): string {
  return row([name, found, missed, wrong, strangers, asked, `${optionalFound} of ${optionalCount}`].map(String));
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
    asked: a.asked + b.asked,
    optionalFound: a.optionalFound + b.optionalFound,
    optionalCount: a.optionalCount + b.optionalCount,
  };
}

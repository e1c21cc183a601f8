import type { LabelledPhoto } from './read-labels.ts';

/** A person whom the engine finds in a photo, by a face of it. */
export interface Sighting {
  readonly person: string;
  /** Names the face within its photo. */
  readonly face: string;
  readonly distance: number;
  readonly level: number;
  readonly falseMatchRate: number;
  /** Facecams of the person that were searched. */
  readonly facecamCount: number;
  /** The person is asked whether it is them, and shown nothing before they answer. */
  readonly isAsked: boolean;
}

export interface ScoredPhoto {
  readonly photo: LabelledPhoto;
  readonly sightings: readonly Sighting[];
}

export interface Score {
  /** Labelled people found by a face that nobody else in the photo is nearer to. */
  readonly found: number;
  /** Labelled people who are not, also when they are asked, `optional` ones aside. */
  readonly missed: number;
  /** People found by the face of somebody else who is enrolled and in the photo. */
  readonly wrong: number;
  /** People found by a face that is of nobody labelled. */
  readonly strangers: number;
  /** People who are asked whether it is them, by whichever face. They count nowhere else. */
  readonly asked: number;
  readonly optionalFound: number;
  readonly optionalCount: number;
}

export type Outcome = 'found' | 'optional' | 'wrong' | 'stranger';

/** What the photos give when only the sightings that `isNear` admits count: they are shown, or asked about. */
export function scoreSightings(photos: readonly ScoredPhoto[], isNear: (sighting: Sighting) => boolean): Score {
  const score = { found: 0, missed: 0, wrong: 0, strangers: 0, asked: 0, optionalFound: 0, optionalCount: 0 };
  for (const scored of photos) {
    let foundHere = 0;
    for (const sighting of scored.sightings.filter(isNear)) {
      const outcome = outcomeOf(scored, sighting);
      if (sighting.isAsked) score.asked += 1;
      else if (outcome === 'found') foundHere += 1;
      else if (outcome === 'optional') score.optionalFound += 1;
      else if (outcome === 'wrong') score.wrong += 1;
      else score.strangers += 1;
    }
    score.found += foundHere;
    score.missed += listRequired(scored.photo).length - foundHere;
    score.optionalCount += scored.photo.optional.size;
  }
  return score;
}

/** Who has to be found in a photo. */
export function listRequired({ people, optional }: LabelledPhoto): string[] {
  return [...people].filter((person) => !optional.has(person));
}

/** A face belongs to the nearest labelled person of the photo who is within reach of it, or to nobody if there is none. */
export function outcomeOf({ photo, sightings }: ScoredPhoto, sighting: Sighting): Outcome {
  const isInPhoto = (person: string) => photo.people.has(person) || photo.optional.has(person);
  const owner = sightings
    .filter(({ face, person }) => face === sighting.face && isInPhoto(person))
    .reduce<Sighting | undefined>((best, next) => (best && best.distance <= next.distance ? best : next), undefined);
  if (owner === undefined) return 'stranger';
  if (owner.person !== sighting.person) return 'wrong';
  return photo.optional.has(sighting.person) ? 'optional' : 'found';
}

import { expect, test } from 'vitest';
import { type Sighting, scoreSightings } from './score.ts';

const all = () => true;

function photoOf(people: readonly string[], optional: readonly string[] = []) {
  return { name: 'photo.jpg', file: '/photo.jpg', people: new Set(people), optional: new Set(optional) };
}

function sighting(person: string, face: string, distance: number): Sighting {
  return { person, face, distance, level: 5, falseMatchRate: 1e-5, facecamCount: 1, isAsked: false };
}

function asked(person: string, face: string, distance: number): Sighting {
  return { ...sighting(person, face, distance), isAsked: true };
}

function scoreOf(
  photo: ReturnType<typeof photoOf>,
  sightings: readonly Sighting[],
  isNear = all as (s: Sighting) => boolean,
) {
  return scoreSightings([{ photo, sightings }], isNear);
}

test('who is labelled is found by their own face, and missed without it', () => {
  const score = scoreOf(photoOf(['ayu', 'budi']), [sighting('ayu', 'left', 0.4)]);
  expect(score).toMatchObject({ found: 1, missed: 1, wrong: 0, strangers: 0 });
});

test('a face that belongs to somebody else in the photo is wrong, also for one who is in the photo', () => {
  const sightings = [sighting('ayu', 'left', 0.4), sighting('budi', 'left', 0.5), sighting('citra', 'left', 0.3)];
  expect(scoreOf(photoOf(['ayu', 'budi']), sightings)).toMatchObject({ found: 1, missed: 1, wrong: 2, strangers: 0 });
});

test('a face of nobody labelled is a stranger', () => {
  const sightings = [sighting('ayu', 'left', 0.4), sighting('citra', 'right', 0.5)];
  expect(scoreOf(photoOf(['ayu']), sightings)).toMatchObject({ found: 1, missed: 0, wrong: 0, strangers: 1 });
});

test('who is optional is neither missed nor wrong, and counted apart', () => {
  const photo = photoOf(['ayu', 'budi'], ['budi', 'dewi']);
  expect(scoreOf(photo, [sighting('ayu', 'left', 0.4)])).toMatchObject({ found: 1, missed: 0, optionalFound: 0 });
  const both = [sighting('ayu', 'left', 0.4), sighting('dewi', 'right', 0.4)];
  expect(scoreOf(photo, both)).toMatchObject({ found: 1, missed: 0, strangers: 0, optionalFound: 1, optionalCount: 2 });
});

test('who is only asked is neither found nor wrong nor a stranger: one who is labelled is missed', () => {
  const photo = photoOf(['ayu', 'budi', 'eka'], ['eka']);
  const sightings = [sighting('ayu', 'left', 0.4), asked('budi', 'right', 0.4), asked('eka', 'top', 0.4)];
  const others = [asked('citra', 'left', 0.5), asked('dewi', 'behind', 0.5)];
  expect(scoreOf(photo, [...sightings, ...others])).toEqual({
    ...{ found: 1, missed: 1, wrong: 0, strangers: 0, asked: 4, optionalFound: 0, optionalCount: 1 },
  });
});

test('nobody is asked about a face outside the cut', () => {
  const sightings = [asked('ayu', 'left', 0.4), asked('citra', 'left', 0.5)];
  expect(scoreOf(photoOf(['ayu']), sightings, ({ distance }) => distance < 0.45)).toMatchObject({ asked: 1 });
});

test('a cut leaves sightings out, but does not change whose face it is', () => {
  const sightings = [sighting('ayu', 'left', 0.4), sighting('budi', 'left', 0.3)];
  expect(scoreOf(photoOf(['ayu']), sightings, ({ person }) => person === 'budi')).toMatchObject({
    found: 0,
    missed: 1,
    wrong: 1,
    strangers: 0,
  });
});

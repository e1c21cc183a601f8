import { likenessOf } from '@kilas/ai/distances/normalised-distance.ts';
import { breathe, type ComparedFaces } from './cohorts.ts';
import type { CrowdFaces } from './measure-faces.ts';
import { PairList, type SortedPairs } from './sorted-pairs.ts';

/** Rows between two looks at the event loop: some 50 ms of comparing. */
const rowsPerBlock = 64;
/** Photos that are enrolled together. */
const ENROLLED = 3;

/** Every pair of a crowd, by numbers of portraits and of group faces. */
export interface NearPairs {
  /** Portraits of two people. */
  readonly strangers: SortedPairs;
  /** Portraits of one person; infinite where a face was not found or may not decide. */
  readonly trues: SortedPairs;
  /** Faces of one group photo. */
  readonly within: SortedPairs;
  /** Group faces (left) and portraits (right). */
  readonly crossing: SortedPairs;
  /** A portrait (left) and three others of the same person, judged together. */
  readonly threes: SortedPairs;
  /** Portraits of people who have another portrait in the gallery, and whether that one is the nearest there. */
  readonly probes: readonly { readonly portrait: number; readonly isFirst: boolean }[];
  /** Whether a portrait, a group face takes part in pairs of strangers. */
  readonly usesPortrait: readonly boolean[];
  readonly usesGroupFace: readonly boolean[];
}

/** Compares all faces by the functions that serve. `withUnsure` lets faces decide that may not. */
export async function comparePairs<Face extends { readonly embedding: Float32Array }>(
  crowd: CrowdFaces,
  compared: ComparedFaces<Face>,
  { stop, withUnsure = false }: { stop: AbortSignal; withUnsure?: boolean },
): Promise<NearPairs> {
  const usesPortrait = crowd.portraits.map(({ face }) => face !== undefined && (face.isSure || withUnsure));
  const usesGroupFace = crowd.groupFaces.map(({ face }) => face.isSure || withUnsure);
  const usable = compared.portraits.map((face, i) => (usesPortrait[i] ? face : undefined));
  const { strangers, probes } = await compareStrangers(crowd, compared, usable, stop);
  const crossing = new PairList();
  for (const [g, face] of compared.groupFaces.entries()) {
    if (g % rowsPerBlock === 0) await breathe(stop);
    if (!usesGroupFace[g]) continue;
    for (const [p, portrait] of compared.portraitsFor(crowd.groupFaces[g]?.photo ?? 0).entries()) {
      if (portrait && usesPortrait[p]) crossing.add(compared.distance(face, portrait), g, p);
    }
  }
  return {
    strangers,
    trues: compareTrues(crowd, compared, usable),
    within: compareWithin(crowd, compared, usesGroupFace),
    crossing: crossing.sorted(),
    threes: compareThrees(crowd, compared, usable),
    probes,
    usesPortrait,
    usesGroupFace,
  };
}

async function compareStrangers<Face>(
  { portraits }: CrowdFaces,
  { distance: distanceBetween }: Pick<ComparedFaces<Face>, 'distance'>,
  usable: readonly (Face | undefined)[],
  stop: AbortSignal,
): Promise<Pick<NearPairs, 'strangers' | 'probes'>> {
  const people = portraits.map(({ person }) => person);
  const isGallery = people.map((person, i) => person !== people[i - 1]);
  const nearest = portraits.map(() => ({ distance: Number.POSITIVE_INFINITY, person: -1 }));
  const strangers = new PairList();
  const seek = (probe: number, gallery: number, distance: number) => {
    const best = nearest[probe];
    if (!best || isGallery[probe] || !isGallery[gallery] || distance >= best.distance) return;
    best.distance = distance;
    best.person = people[gallery] ?? -1;
  };
  for (const [i, a] of usable.entries()) {
    if (i % rowsPerBlock === 0) await breathe(stop);
    if (!a) continue;
    for (let j = i + 1; j < usable.length; j++) {
      const b = usable[j];
      if (!b) continue;
      const distance = distanceBetween(a, b);
      if (people[i] !== people[j]) strangers.add(distance, i, j);
      seek(i, j, distance);
      seek(j, i, distance);
    }
  }
  const probes = nearest
    .map(({ person }, portrait) => ({ portrait, isFirst: person === people[portrait] }))
    .filter(({ portrait }) => !isGallery[portrait]);
  return { strangers: strangers.sorted(), probes };
}

function compareTrues<Face>(
  { portraits }: CrowdFaces,
  { distance }: Pick<ComparedFaces<Face>, 'distance'>,
  usable: readonly (Face | undefined)[],
): SortedPairs {
  const trues = new PairList();
  for (const [i, { person }] of portraits.entries()) {
    for (let j = i + 1; portraits[j]?.person === person; j++) {
      const [a, b] = [usable[i], usable[j]];
      trues.add(a && b ? distance(a, b) : Number.POSITIVE_INFINITY, i, j);
    }
  }
  return trues.sorted();
}

/** Each portrait of those who have four and more, against three others. */
function compareThrees<Face extends { readonly embedding: Float32Array }>(
  { people, portraits }: CrowdFaces,
  { place, distance }: Pick<ComparedFaces<Face>, 'place' | 'distance'>,
  usable: readonly (Face | undefined)[],
): SortedPairs {
  const byPerson = people.map((): number[] => []);
  for (const [i, { person }] of portraits.entries()) byPerson[person]?.push(i);
  const threes = new PairList();
  for (const own of byPerson.filter(({ length }) => length > ENROLLED)) {
    for (const probe of own) {
      const face = usable[probe];
      const enrolled = own.filter((other) => other !== probe).slice(0, ENROLLED);
      const templates = enrolled.flatMap((other) => usable[other]?.embedding ?? []);
      const isSeen = face !== undefined && templates.length > 0;
      threes.add(isSeen ? distance(place(likenessOf(templates)), face) : Number.POSITIVE_INFINITY, probe, probe);
    }
  }
  return threes.sorted();
}

function compareWithin<Face>(
  { groupFaces }: CrowdFaces,
  { groupFaces: faces, distance }: Pick<ComparedFaces<Face>, 'groupFaces' | 'distance'>,
  usesGroupFace: readonly boolean[],
): SortedPairs {
  const within = new PairList();
  for (const [i, a] of faces.entries()) {
    for (let j = i + 1; groupFaces[j] !== undefined && groupFaces[j]?.photo === groupFaces[i]?.photo; j++) {
      const b = faces[j];
      if (b && usesGroupFace[i] && usesGroupFace[j]) within.add(distance(a, b), i, j);
    }
  }
  return within.sorted();
}

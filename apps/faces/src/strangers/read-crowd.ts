import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { systemReason, UserError } from '@kilas/cli/user-error.ts';
import { z } from 'zod';

const indexSchema = z.object({
  people: z.record(
    z.string(),
    z.object({ photos: z.array(z.string()).min(1), region: z.string().min(1).max(20).optional() }),
  ),
  groups: z.array(z.string()),
});

/** Portraits of many people, and photos of groups in which nobody stands twice. */
export interface Crowd {
  readonly people: readonly CrowdPerson[];
  /** Files of the group photos. */
  readonly groups: readonly string[];
  /** Names of one person each, who is counted once. */
  readonly sameNames: readonly (readonly string[])[];
}

export interface CrowdPerson {
  readonly name: string;
  readonly region: string | undefined;
  /** Files of the portraits. */
  readonly files: readonly string[];
}

/** Reads a folder of strangers. Throws a UserError that lists everything that is missing. */
export async function readCrowd(folder: string): Promise<Crowd> {
  const index = await readIndex(folder);
  const named = Object.entries(index.people).map(([name, { photos, region }]) => ({
    name,
    region,
    files: photos.map((photo) => path.join(folder, 'people', name, photo)),
  }));
  const { people, sameNames } = joinSameNames(named);
  const groups = index.groups.map((photo) => path.join(folder, 'groups', photo));
  const files = [...people.flatMap((person) => person.files), ...groups];
  const problems = (await listMissing(files)).map((file) => `${path.relative(folder, file)} is not there`);
  if (people.length < 2) problems.push('"people" names fewer than two people');
  if (people.every((person) => person.files.length < 2)) problems.push('nobody in "people" has two photos');
  if (groups.length === 0) problems.push('"groups" names no photo');
  const twice = files.filter((file, i) => files.indexOf(file) < i);
  problems.push(...twice.map((file) => `${path.relative(folder, file)} is named twice`));
  if (problems.length > 0) throw new UserError(`${folder} cannot be measured:\n  ${problems.join('\n  ')}`);
  return { people, groups, sameNames };
}

/**
 * Names of the same words, "Choi_Sung-hong" and "Sung_Hong_Choi", are one person: lists made from captions hold some of them twice, and their
 * pairs would be the nearest strangers of all.
 */
export function joinSameNames(named: readonly CrowdPerson[]): Pick<Crowd, 'people' | 'sameNames'> {
  const groups = [...Map.groupBy(named, ({ name }) => wordsOf(name)).values()];
  const people = groups.flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const region = group.find((person) => person.region !== undefined)?.region;
    return [{ name: first.name, region, files: group.flatMap(({ files }) => files) }];
  });
  const sameNames = groups.filter(({ length }) => length > 1).map((group) => group.map(({ name }) => name));
  return { people, sameNames };
}

function wordsOf(name: string): string {
  const words = name.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return words
    .filter((word) => word !== '')
    .sort()
    .join(' ');
}

/** For a quick trial: so many people, spread over all of them, and as large a share of the group photos. */
export function limitCrowd(crowd: Crowd, peopleMax: number): Crowd {
  const { people, groups } = crowd;
  if (people.length <= peopleMax) return crowd;
  const share = peopleMax / people.length;
  return { ...crowd, people: spread(people, peopleMax), groups: spread(groups, groups.length * share) };
}

function spread<Item>(items: readonly Item[], count: number): Item[] {
  const whole = Math.max(Math.ceil(count), 1);
  return items.filter(
    (_, i) => Math.floor((i * whole) / items.length) !== Math.floor(((i - 1) * whole) / items.length),
  );
}

async function readIndex(folder: string): Promise<z.output<typeof indexSchema>> {
  const file = path.join(folder, 'index.json');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UserError(`${file} cannot be read (${systemReason(error)}): a folder of strangers holds index.json.`);
  });
  try {
    return indexSchema.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new UserError(`${file} is not { people: { name: { photos: [file…], region? } }, groups: [file…] }:\n${why}`);
  }
}

async function listMissing(files: readonly string[]): Promise<string[]> {
  const there = new Set<string>();
  for (const folder of new Set(files.map((file) => path.dirname(file)))) {
    for (const name of await readdir(folder).catch(() => [])) there.add(path.join(folder, name));
  }
  return files.filter((file) => !there.has(file));
}

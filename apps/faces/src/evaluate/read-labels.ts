import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { systemReason, UserError } from '@kilas/cli/user-error.ts';
import { z } from 'zod';

/** Pictures of one person that are enrolled, as many as a member may have. */
export const ENROL_MAX = 5;

const extensions = new Set(['.jpg', '.jpeg', '.png', '.webp', '.avif', '.tif', '.tiff', '.gif']);
const enrolFolders = ['crops', 'enrol'];

const people = z.record(z.string(), z.array(z.string()));
const truthSchema = z.record(z.string(), z.object({ photos: people, optional: people.default({}) }));

/** A set of `truth.json`: who is enrolled, and who is in which photo. */
export interface LabelledSet {
  readonly name: string;
  /** Files of the pictures to enrol, in order of their names, by person. */
  readonly enrolled: ReadonlyMap<string, readonly string[]>;
  readonly photos: readonly LabelledPhoto[];
  /** Pictures beside the labelled photos that `truth.json` does not name. */
  readonly unlabelled: readonly string[];
}

export interface LabelledPhoto {
  /** As `truth.json` names it, from the labelled folder. */
  readonly name: string;
  readonly file: string;
  readonly people: ReadonlySet<string>;
  /** Who may be found in it or not. */
  readonly optional: ReadonlySet<string>;
}

/** Reads a labelled folder. Throws a UserError that lists everything that is missing. */
export async function readLabels(folder: string): Promise<LabelledSet[]> {
  const truth = await readTruth(folder);
  const problems: string[] = [];
  const sets: LabelledSet[] = [];
  for (const [name, { photos, optional }] of Object.entries(truth)) {
    const enrolled = await readEnrolled(path.join(folder, name), problems);
    for (const person of new Set([...Object.values(photos), ...Object.values(optional)].flat())) {
      if (enrolled.has(person)) continue;
      problems.push(`${name}: "${person}" has no pictures in ${name}/crops/${person} or ${name}/enrol/${person}`);
      enrolled.set(person, []);
    }
    for (const photo of Object.keys(optional)) {
      if (photos[photo] === undefined) problems.push(`${name}: "optional" names ${photo}, "photos" does not`);
    }
    const labelled = Object.entries(photos).map(([photo, inIt]) => ({
      name: photo,
      file: path.resolve(folder, photo),
      people: new Set(inIt),
      optional: new Set(optional[photo] ?? []),
    }));
    const { missing, unlabelled } = await comparePhotos(folder, labelled);
    problems.push(...missing.map((photo) => `${name}: ${photo} is not there`));
    sets.push({ name, enrolled, photos: labelled, unlabelled });
  }
  if (sets.length === 0) problems.push('truth.json names no set');
  if (problems.length > 0) throw new UserError(`${folder} cannot be evaluated:\n  ${problems.join('\n  ')}`);
  return sets;
}

async function readTruth(folder: string): Promise<z.output<typeof truthSchema>> {
  const file = path.join(folder, 'truth.json');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UserError(`${file} cannot be read (${systemReason(error)}): a labelled folder holds truth.json.`);
  });
  try {
    return truthSchema.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new UserError(
      `${file} is not { set: { photos: { file: [person…] }, optional: { file: [person…] } } }:\n${why}`,
    );
  }
}

async function readEnrolled(setFolder: string, problems: string[]): Promise<Map<string, readonly string[]>> {
  const enrolled = new Map<string, readonly string[]>();
  for (const kind of enrolFolders) {
    const kindFolder = path.join(setFolder, kind);
    const entries = await readdir(kindFolder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.filter((candidate) => candidate.isDirectory())) {
      const folder = path.join(kindFolder, entry.name);
      const files = await listPictures(folder);
      if (files.length === 0) problems.push(`${path.basename(setFolder)}: there is no picture in ${folder}`);
      enrolled.set(entry.name, [...(enrolled.get(entry.name) ?? []), ...files].slice(0, ENROL_MAX));
    }
  }
  return enrolled;
}

async function comparePhotos(folder: string, photos: readonly LabelledPhoto[]) {
  const known = new Set(photos.map(({ file }) => file));
  const there = new Set<string>();
  for (const place of new Set(photos.map(({ file }) => path.dirname(file)))) {
    for (const file of await listPictures(place)) there.add(file);
  }
  return {
    missing: photos.filter(({ file }) => !there.has(file)).map(({ name }) => name),
    unlabelled: [...there].filter((file) => !known.has(file)).map((file) => path.relative(folder, file)),
  };
}

export function isPicture(name: string): boolean {
  return extensions.has(path.extname(name).toLowerCase());
}

/** In the order of their names. */
async function listPictures(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter(isPicture)
    .sort()
    .map((name) => path.join(folder, name));
}

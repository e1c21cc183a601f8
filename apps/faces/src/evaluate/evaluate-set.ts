import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { enrolFacecam } from '@kilas/ai/facecams/enrol-facecam.ts';
import { storeTemplates } from '@kilas/ai/facecams/store-templates.ts';
import { processPhoto } from '@kilas/ai/photos/process-photo.ts';
import { UserError } from '@kilas/cli/user-error.ts';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { Bucket } from '@kilas/storage/buckets.ts';
import type { Trial } from '../trial/open-trial.ts';
import type { LabelledSet } from './read-labels.ts';
import type { ScoredPhoto, Sighting } from './score.ts';

/** A picture that an installation would not take as a facecam. */
export interface RefusedPicture {
  readonly person: string;
  readonly file: string;
  readonly reason: string;
  /** What became of it. */
  readonly fate: 'enrolled' | 'left out' | 'no face' | 'another person';
}

export interface EvaluatedSet {
  readonly name: string;
  readonly photos: readonly ScoredPhoto[];
  readonly refused: readonly RefusedPicture[];
  readonly facecamCount: number;
  /** Faces in all photos of the set: the gallery in which each person is searched. */
  readonly faceCount: number;
}

export interface EvaluateOptions {
  /** Leaves out pictures that an installation would refuse, instead of taking the largest face of them. */
  readonly isStrict: boolean;
  readonly stop: AbortSignal;
  onStep(what: string): void;
}

/**
 * Enrols the people of a set and matches its photos, as an event of its own, by the operations that serve. Pictures that
 * the facecam judge refuses are enrolled all the same, since the labels say who is on them.
 */
export async function evaluateSet(trial: Trial, set: LabelledSet, options: EvaluateOptions): Promise<EvaluatedSet> {
  const members = new Map<string, string>();
  const refused: RefusedPicture[] = [];
  let facecamCount = 0;
  for (const [person, files] of set.enrolled) {
    const memberId = newId();
    members.set(memberId, person);
    for (const file of files) {
      options.stop.throwIfAborted();
      options.onStep(`enrolling ${person}: ${path.basename(file)}`);
      const refusal = await enrol(trial, memberId, file, options);
      if (refusal !== undefined) refused.push({ person, file, ...refusal });
      if (refusal === undefined || refusal.fate === 'enrolled') facecamCount += 1;
    }
  }
  const place = { creatorId: newId(), eventId: newId() };
  const photos: ScoredPhoto[] = [];
  let faceCount = 0;
  for (const photo of set.photos) {
    options.stop.throwIfAborted();
    options.onStep(`looking at ${photo.name}`);
    const photoId = newId();
    const compressedKey = await put(trial, 'originals', photo.file);
    await recognise(
      trial,
      { ...place, photoId, compressedKey, processedKey: newObjectKey() },
      photo.file,
      options.stop,
    );
    photos.push({ photo, sightings: sightingsOf(trial, photoId, members) });
    faceCount += trial.photo.faceCountOf(photoId);
  }
  return { name: set.name, photos, refused, facecamCount, faceCount };
}

async function enrol(
  trial: Trial,
  memberId: string,
  file: string,
  { isStrict, stop }: EvaluateOptions,
): Promise<Pick<RefusedPicture, 'reason' | 'fate'> | undefined> {
  const facecam = { memberId, facecamId: newId(), consentEpoch: 1 };
  const selfieKey = await put(trial, 'selfies', file);
  try {
    await enrolFacecam(trial.ctx, { ...facecam, selfieKey }, stop);
    return undefined;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal?.reason === 'FACECAM_MISMATCH') return { reason: 'not_the_same_person', fate: 'left out' };
    if (refusal?.reason !== 'FACECAM_REJECTED') throw unreadable(file, error);
    const reason = refusal.params.rejection ?? 'rejected';
    return { reason, fate: isStrict ? 'left out' : await enrolLargest(trial, facecam, file, stop) };
  }
}

/** Makes a template of the largest face of a picture, unless it shows somebody else than the person's other pictures. */
async function enrolLargest(
  { ctx }: Trial,
  facecam: { memberId: string; facecamId: string; consentEpoch: number },
  file: string,
  stop: AbortSignal,
): Promise<'enrolled' | 'no face' | 'another person'> {
  const packId = ctx.packs.currentId;
  const bytes = await readFile(file);
  const { faces } = await ctx.analyser.run(
    { line: 'selfies', whose: '', thing: `facecam/${facecam.facecamId}`, signal: stop },
    (analyse) => analyse(bytes),
  );
  const [largest] = faces.toSorted((a, b) => b.box.width * b.box.height - a.box.width * a.box.height);
  if (largest === undefined) return 'no face';
  try {
    await storeTemplates(ctx.db, [{ ...facecam, packId, embedding: largest.embedding }], ctx.clock.now());
    return 'enrolled';
  } catch (error) {
    if (refusalOf(error)?.reason === 'FACECAM_MISMATCH') return 'another person';
    throw error;
  }
}

async function recognise(
  { ctx }: Trial,
  input: Parameters<typeof processPhoto>[1],
  file: string,
  stop: AbortSignal,
): Promise<void> {
  await processPhoto(ctx, input, stop).catch((error: unknown) => {
    throw unreadable(file, error);
  });
}

function sightingsOf({ photo }: Trial, photoId: string, members: ReadonlyMap<string, string>): Sighting[] {
  return photo.matchesOf(photoId).flatMap(({ memberId, box, isUnsure, ...match }) => {
    const person = members.get(memberId);
    const { distance, level, falseMatchRate, facecamCount } = match;
    const face = box === undefined ? '' : `${box.left} ${box.top} ${box.width} ${box.height}`;
    const sighting = { face, distance, level, falseMatchRate, facecamCount, isAsked: isUnsure };
    return person === undefined ? [] : [{ person, ...sighting }];
  });
}

async function put({ ctx }: Trial, bucket: Bucket, file: string): Promise<string> {
  const key = newObjectKey();
  await ctx.objects.write({ bucket, key }, await readFile(file));
  return key;
}

function unreadable(file: string, error: unknown): unknown {
  const reason = refusalOf(error)?.reason;
  if (reason === 'IMAGE_BROKEN') return new UserError(`${file} is no image that can be read.`);
  if (reason === 'IMAGE_TOO_LARGE') return new UserError(`${file} has more pixels than are looked at.`);
  return error;
}

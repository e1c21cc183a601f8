import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Progress } from '@kilas/cli/progress.ts';
import { UserError } from '@kilas/cli/user-error.ts';
import { type ApiClient, ApiError } from '../api-client.ts';
import { buyPhoto, downloadOriginal, downloadPreview, walletBalance } from './buy-photo.ts';
import { enrolSelfie, type Found, listFound, type Selfie } from './find-photos.ts';
import { becomeCreator, type Credentials, giveConsent, register, registerWithPassword } from './people.ts';
import { awaitRecognition, createEvent, type Upload, uploadPhotos } from './sell-photos.ts';

export interface JourneyResult {
  readonly photos: number;
  readonly faces: number;
  readonly matches: number;
  /** Photos and selfies that were not taken; the others went on. */
  readonly refused: number;
  readonly originalSha256Matches: boolean;
  readonly walletIdr: number;
  /** For each photo, the selfies of those found in it. */
  readonly found: Readonly<Record<string, readonly string[]>>;
  /** The nearest face of each member in each photo, as L2 distance. */
  readonly distances: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Of a member who was found. */
  readonly foundMember: Credentials;
}

export interface JourneyInput {
  readonly photoFiles: readonly string[];
  readonly selfies: readonly Selfie[];
  readonly priceIdr: number;
  readonly eventName: string;
}

interface Journey extends JourneyInput {
  readonly progress: Progress;
  /** Counts what was not taken; throws when there is nothing else to go on with. */
  refuse(file: string, why: string, candidates: number): void;
}

interface Enrolled {
  readonly selfie: Selfie;
  readonly member: ApiClient;
  readonly credentials: Credentials;
  readonly matches: readonly Found[];
}

const nobodyFound = 'None of the selfies was found in any photo: try a clearer selfie, or photos of that person.';

/**
 * The whole job through the public REST API alone: sell, find, buy, download, be paid. Throws a UserError when the photos
 * and selfies are not fit for it.
 */
export async function runJourney(api: ApiClient, input: JourneyInput, progress: Progress): Promise<JourneyResult> {
  let refused = 0;
  const refuse = (file: string, why: string, candidates: number) => {
    const sentence = `${path.basename(file)} was refused: ${why}`;
    if (candidates === 1) throw new UserError(sentence);
    refused += 1;
    progress.step(sentence);
  };
  const journey = { ...input, progress, refuse };
  const creator = await register(api, 'creator');
  await becomeCreator(creator, 'Lensa Jakarta');
  progress.step('a creator registered');
  const { uploads, faces } = await sell(creator, journey);
  const enrolled = await find(api, journey);
  const buyer = enrolled.find(({ matches }) => matches.length > 0);
  if (buyer === undefined) throw new UserError(nobodyFound);
  const originalSha256Matches = await buy(buyer, uploads, journey);
  const walletIdr = await walletBalance(creator);
  progress.step(`the creator's wallet holds Rp ${walletIdr.toLocaleString('id-ID')}`);
  const photos = new Set(uploads.map(({ photoId }) => photoId)).size;
  const matches = enrolled.reduce((sum, one) => sum + one.matches.length, 0);
  const figures = { photos, faces, matches, refused, originalSha256Matches, walletIdr };
  return { ...figures, ...tabulate(enrolled, uploads), foundMember: buyer.credentials };
}

async function sell(creator: ApiClient, journey: Journey): Promise<{ uploads: Upload[]; faces: number }> {
  const { photoFiles, priceIdr, progress } = journey;
  const eventId = await createEvent(creator, journey.eventName, 'matches');
  const uploads = await uploadPhotos(creator, photoFiles, eventId, priceIdr, (fileName, why) =>
    journey.refuse(fileName, why, photoFiles.length),
  );
  if (uploads.length === 0) throw new UserError('All of the photos were refused.');
  progress.step(`${uploads.length} photos uploaded`);
  const photoIds = [...new Set(uploads.map(({ photoId }) => photoId))];
  const faces = await awaitRecognition(creator, photoIds, (done) =>
    progress.wait(`${done} of ${photoIds.length} photos recognised`),
  );
  progress.step(`all on sale and recognised: ${faces} faces`);
  return { uploads, faces };
}

async function find(api: ApiClient, { selfies, progress, refuse }: Journey): Promise<Enrolled[]> {
  const enrolled: Enrolled[] = [];
  for (const selfie of selfies) {
    const { client: member, credentials } = await registerWithPassword(api, 'member');
    await giveConsent(member);
    try {
      await enrolSelfie(member, selfie);
    } catch (error) {
      if (!(error instanceof ApiError) || error.refusal === undefined) throw error;
      refuse(selfie.name, error.refusal, selfies.length);
      continue;
    }
    const matches = await listFound(member);
    enrolled.push({ selfie, member, credentials, matches });
    progress.step(`a member enrolled ${path.basename(selfie.name)} and was found in ${matches.length} photos`);
  }
  if (enrolled.length === 0) throw new UserError('All of the selfies were refused.');
  return enrolled;
}

/** Whether what was bought is, byte for byte, what was uploaded. */
async function buy(buyer: Enrolled, uploads: readonly Upload[], journey: Journey): Promise<boolean> {
  const { progress, photoFiles } = journey;
  const bought = buyer.matches[0]?.photoId;
  if (bought === undefined) throw new UserError(nobodyFound);
  const preview = await downloadPreview(buyer.member, bought);
  progress.step(`a watermarked preview was shown (${Math.round(preview.length / 1024)} KiB)`);
  await buyPhoto(buyer.member, bought);
  progress.step('the member paid on the sandbox page');
  const original = await downloadOriginal(buyer.member, bought);
  const fileName = uploads.find(({ photoId }) => photoId === bought)?.fileName;
  const uploaded = await readFile(photoFiles.find((file) => path.basename(file) === fileName) ?? '');
  const isSame = sha256(original) === sha256(uploaded);
  progress.step(`the original came down${isSame ? ', byte for byte' : ', BUT IT DIFFERS'}`);
  return isSame;
}

function tabulate(enrolled: readonly Enrolled[], uploads: readonly Upload[]) {
  const fileNames = new Map(uploads.map(({ photoId, fileName }) => [photoId, fileName]));
  const found: Record<string, string[]> = Object.fromEntries(uploads.map(({ fileName }) => [fileName, []]));
  const distances: Record<string, Record<string, number>> = {};
  for (const { selfie, matches } of enrolled) {
    for (const { photoId, match } of matches) {
      const fileName = fileNames.get(photoId) ?? photoId;
      found[fileName]?.push(selfie.name);
      if (match !== null) distances[fileName] = { ...distances[fileName], [selfie.name]: match.distance };
    }
  }
  return { found, distances };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

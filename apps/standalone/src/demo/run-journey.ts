import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Progress } from '../progress.ts';
import type { ApiClient } from './api-client.ts';
import { buyPhoto, downloadOriginal, downloadPreview, walletBalance } from './buy-photo.ts';
import { enrolSelfie, type Found, listFound } from './find-photos.ts';
import { becomeCreator, giveConsent, register } from './people.ts';
import { awaitRecognition, createEvent, uploadPhotos } from './sell-photos.ts';

export interface Selfie {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface JourneyResult {
  readonly photos: number;
  readonly faces: number;
  readonly matches: number;
  readonly originalSha256Matches: boolean;
  readonly walletIdr: number;
  /** For each photo, the selfies of those found in it. */
  readonly found: Readonly<Record<string, readonly string[]>>;
  /** The nearest face of each member in each photo, as L2 distance. */
  readonly distances: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface JourneyInput {
  readonly photoFiles: readonly string[];
  readonly selfies: readonly Selfie[];
  readonly priceIdr: number;
  readonly eventName: string;
}

/** The whole job through the public REST API alone: sell, find, buy, download, be paid. */
export async function runJourney(api: ApiClient, input: JourneyInput, progress: Progress): Promise<JourneyResult> {
  const creator = await register(api, 'creator');
  await becomeCreator(creator, 'Lensa Jakarta');
  progress.step('a creator registered');
  const eventId = await createEvent(creator, input.eventName, 'matches');
  const uploads = await uploadPhotos(creator, input.photoFiles, eventId, input.priceIdr);
  progress.step(`${uploads.length} photos uploaded`);
  const photoIds = uploads.map(({ photoId }) => photoId);
  const total = new Set(photoIds).size;
  const faces = await awaitRecognition(creator, photoIds, (done) => {
    if (total > 12 && done % 10 === 0) progress.step(`${done} of ${total} photos recognised`);
  });
  progress.step(`all on sale and recognised: ${faces} faces`);
  const fileNames = new Map(uploads.map(({ photoId, fileName }) => [photoId, fileName]));
  const found: Record<string, string[]> = Object.fromEntries(uploads.map(({ fileName }) => [fileName, []]));
  const distances: Record<string, Record<string, number>> = {};
  const members: { member: ApiClient; matches: Found[] }[] = [];
  for (const selfie of input.selfies) {
    const member = await register(api, 'member');
    await giveConsent(member);
    await enrolSelfie(member, selfie);
    const matches = await listFound(member);
    members.push({ member, matches });
    for (const { photoId, match } of matches) {
      const fileName = fileNames.get(photoId) ?? photoId;
      found[fileName]?.push(selfie.name);
      distances[fileName] = { ...distances[fileName], [selfie.name]: match.distance };
    }
    progress.step(`a member enrolled ${path.basename(selfie.name)} and was found in ${matches.length} photos`);
  }
  const buyer = members.find(({ matches }) => matches.length > 0);
  const bought = buyer?.matches[0]?.photoId;
  if (buyer === undefined || bought === undefined) throw new Error('no member was found in any photo');
  const preview = await downloadPreview(buyer.member, bought);
  progress.step(`a watermarked preview was shown (${Math.round(preview.length / 1024)} KiB)`);
  await buyPhoto(buyer.member, bought);
  progress.step('the member paid on the sandbox page');
  const original = await downloadOriginal(buyer.member, bought);
  const uploaded = await readFile(input.photoFiles.find((file) => path.basename(file) === fileNames.get(bought)) ?? '');
  const originalSha256Matches = sha256(original) === sha256(uploaded);
  progress.step(`the original came down${originalSha256Matches ? ', byte for byte' : ', BUT IT DIFFERS'}`);
  const walletIdr = await walletBalance(creator);
  progress.step(`the creator's wallet holds Rp ${walletIdr.toLocaleString('id-ID')}`);
  const matches = members.reduce((sum, member) => sum + member.matches.length, 0);
  return { photos: total, faces, matches, originalSha256Matches, walletIdr, found, distances };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type ApiClient, answerOf, asForm } from '../api-client.ts';
import { until } from './people.ts';

const filesPerRequest = 20;
const secondsPerPhotoMax = 60;

export async function createEvent(
  creator: ApiClient,
  name: string,
  visibility: 'public' | 'unlisted' | 'matches',
  place: string | null = null,
): Promise<string> {
  const body = {
    name,
    startsAt: '2026-05-01T00:00:00Z',
    endsAt: '2026-05-01T12:00:00Z',
    timeZone: 'Asia/Jakarta',
    place,
    visibility,
  };
  return (await answerOf(creator.rest.POST('/v1/events', { body }))).eventId;
}

export interface Upload {
  readonly fileName: string;
  readonly photoId: string;
}

/** Uploads files, many in one request, and tells which were refused and why; one that was is an error otherwise. */
export async function uploadPhotos(
  creator: ApiClient,
  files: readonly string[],
  eventId: string,
  priceIdr: number,
  onRefused: (fileName: string, why: string) => void = failOnRefused,
): Promise<Upload[]> {
  const done: Upload[] = [];
  for (let start = 0; start < files.length; start += filesPerRequest) {
    const page = files.slice(start, start + filesPerRequest);
    const photo = await Promise.all(page.map(async (file) => new File([await readFile(file)], path.basename(file))));
    const body = { priceIdr: String(priceIdr), eventId, photo };
    const { items } = await answerOf(creator.rest.POST('/v1/uploads/photos', { body, bodySerializer: asForm }));
    for (const { fileName, outcome, photoId, problem } of items) {
      if (outcome === 'refused' || photoId === undefined) onRefused(fileName, problem?.detail ?? '');
      else done.push({ fileName, photoId });
    }
  }
  return done;
}

function failOnRefused(fileName: string, why: string): void {
  throw new Error(`${fileName} was refused: ${why}`);
}

/** Waits until every photo is on sale and recognised; answers how many faces they hold. */
export async function awaitRecognition(
  creator: ApiClient,
  photoIds: readonly string[],
  onProgress: (done: number) => void,
): Promise<number> {
  return until('recognition of the photos', photoIds.length * secondsPerPhotoMax * 1000, async () => {
    const photos = (await creator.list('/v1/creator/photos')).filter((p) => photoIds.includes(p.photoId));
    const failed = photos.find((photo) => photo.status === 'failed' || photo.recognition === 'failed');
    if (failed !== undefined) throw new Error(`photo ${failed.photoId} failed: ${failed.failureReason}`);
    const done = photos.filter((photo) => photo.status === 'on_sale' && photo.recognition === 'done');
    onProgress(done.length);
    if (done.length < new Set(photoIds).size) return undefined;
    return done.reduce((sum, photo) => sum + (photo.faceCount ?? 0), 0);
  });
}

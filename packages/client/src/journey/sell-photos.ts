import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { ApiClient } from '../api-client.ts';
import { until } from './people.ts';

const filesPerRequest = 20;
const secondsPerPhotoMax = 60;

const event = z.object({ eventId: z.string() });
const uploads = z.object({
  items: z.array(
    z.object({
      fileName: z.string(),
      outcome: z.enum(['accepted', 'duplicate', 'refused']),
      photoId: z.string().optional(),
      problem: z.object({ code: z.string(), detail: z.string() }).optional(),
    }),
  ),
});
const ownPhoto = z.object({
  photoId: z.string(),
  status: z.string(),
  recognition: z.string(),
  failureReason: z.string().nullish(),
  faceCount: z.number().nullish(),
});

export async function createEvent(creator: ApiClient, name: string, visibility: string): Promise<string> {
  const json = {
    name,
    startsAt: '2026-05-01T00:00:00Z',
    endsAt: '2026-05-01T12:00:00Z',
    timeZone: 'Asia/Jakarta',
    visibility,
  };
  return (await creator.call('POST', '/v1/events', event, { json })).eventId;
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
    const form = new FormData();
    form.set('priceIdr', String(priceIdr));
    form.set('eventId', eventId);
    for (const file of files.slice(start, start + filesPerRequest)) {
      form.append('photo', new Blob([await readFile(file)]), path.basename(file));
    }
    const { items } = await creator.call('POST', '/v1/uploads/photos', uploads, { form });
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
    const photos = (await creator.list('/v1/creator/photos', ownPhoto)).filter((p) => photoIds.includes(p.photoId));
    const failed = photos.find((photo) => photo.status === 'failed' || photo.recognition === 'failed');
    if (failed !== undefined) throw new Error(`photo ${failed.photoId} failed: ${failed.failureReason}`);
    const done = photos.filter((photo) => photo.status === 'on_sale' && photo.recognition === 'done');
    onProgress(done.length);
    if (done.length < new Set(photoIds).size) return undefined;
    return done.reduce((sum, photo) => sum + (photo.faceCount ?? 0), 0);
  });
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ApiClient, answerOf } from '@kilas/client/api-client.ts';
import { becomeCreator, type Credentials, registerWithPassword, until } from '@kilas/client/journey/people.ts';
import { awaitRecognition, createEvent, type Upload, uploadPhotos } from '@kilas/client/journey/sell-photos.ts';
import { startInstallation } from '@kilas/standalone/start-installation.ts';

export interface Person {
  readonly client: ApiClient;
  readonly credentials: Credentials;
}

/** An installation that somebody may visit with a browser. */
export interface Site {
  readonly url: string;
  readonly api: ApiClient;
  /** Who sells. */
  readonly creator: Person;
  /** For files that a test makes. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** A throwaway installation, its web app built, with a creator who has sold nothing yet. */
export async function openSite(creatorName = 'Lensa Jakarta'): Promise<Site> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-web-'));
  const dataFolder = path.join(folder, 'data');
  const running = await startInstallation({ dataFolder, port: 0, logLevel: 'error', onProgress: () => {} });
  const api = new ApiClient(running.url);
  const creator = await registerWithPassword(api, 'creator');
  await becomeCreator(creator.client, creatorName);
  const stop = async () => {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { url: running.url, api, creator, folder, stop };
}

/** Writes pictures into the folder of the site, to be uploaded. */
export async function writePictures(site: Site, pictures: Readonly<Record<string, Buffer>>): Promise<string[]> {
  const write = async ([name, bytes]: [string, Buffer]) => {
    const file = path.join(site.folder, name);
    await writeFile(file, bytes);
    return file;
  };
  return Promise.all(Object.entries(pictures).map(write));
}

export interface SoldEvent {
  readonly eventId: string;
  readonly uploads: readonly Upload[];
}

export interface NewEvent {
  readonly name: string;
  readonly visibility: 'public' | 'unlisted' | 'matches';
  readonly place?: string;
  readonly priceIdr?: number;
  readonly isRecognised?: boolean;
}

/** An event whose photos are on sale, and searched for faces where a test looks for people. */
export async function sellEvent(site: Site, files: readonly string[], options: NewEvent): Promise<SoldEvent> {
  const { client } = site.creator;
  const eventId = await createEvent(client, options.name, options.visibility, options.place);
  const uploads = await uploadPhotos(client, files, eventId, options.priceIdr ?? 50_000);
  const photoIds = uploads.map(({ photoId }) => photoId);
  if (options.isRecognised === true) await awaitRecognition(client, photoIds, () => {});
  else await awaitSale(client, photoIds);
  return { eventId, uploads };
}

/** Of the link that a creator hands out. */
export async function shareTokenOf(site: Site, eventId: string): Promise<string> {
  const asked = site.creator.client.rest.GET('/v1/events/{eventId}', { params: { path: { eventId } } });
  const { shareToken } = await answerOf(asked);
  if (shareToken === undefined) throw new Error(`the event ${eventId} has no link`);
  return shareToken;
}

export async function awaitSale(client: ApiClient, photoIds: readonly string[]): Promise<void> {
  await until('the photos to be on sale', 300_000, async () => {
    const photos = (await client.list('/v1/creator/photos')).filter((photo) => photoIds.includes(photo.photoId));
    return photos.filter(({ status }) => status === 'on_sale').length === photoIds.length ? true : undefined;
  });
}

import { randomUUID } from 'node:crypto';
import { createClient } from '@connectrpc/connect';
import { MatchService } from '@kilas/contracts/gen/kilas/photo/v1/match_service_pb.js';
import { PhotoService } from '@kilas/contracts/gen/kilas/photo/v1/photo_service_pb.js';
import { SaleService } from '@kilas/contracts/gen/kilas/photo/v1/sale_service_pb.js';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import type { Clock } from '@kilas/platform/process/clock.ts';
import type { SharedState } from '@kilas/platform/shared/shared-state.ts';
import { query } from '@kilas/testkit/query.ts';
import { type Member, type SignUpOptions, signUpMember } from '@kilas/testkit/sign-up.ts';
import { type ObjectsPlace, startSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { z } from 'zod';

const created = z.object({ eventId: z.string(), shareToken: z.string() });

export interface PhotoOptions {
  readonly creatorId: string;
  readonly photoId?: string;
  readonly eventId?: string;
  readonly priceIdr?: bigint;
  readonly sale?: string;
  readonly title?: string;
  readonly capturedLocal?: string;
  readonly capturedOffset?: string;
  readonly capturedFrom?: string;
  /** The creator's. */
  readonly timeZone?: string;
  /** As an upload of the release before tells it: without small images. */
  readonly isOld?: boolean;
}

export interface MatchOptions {
  readonly photoId: string;
  readonly memberId: string;
  readonly distance?: number;
  readonly level?: number;
  readonly falseMatchRate?: number;
  readonly consentEpoch?: number;
  readonly facecamId?: string;
  readonly facecamCount?: number;
  readonly isUnsure?: boolean;
  readonly packId?: string;
  /** Of the face's box; another one is another face. */
  readonly left?: number;
  readonly quality?: { eyeDistancePx: number; sharpness: number; exposure: number; overall?: number };
}

export const smallImages = { thumbhash: Uint8Array.of(1, 2, 3, 250) };

/** The real user and photo services, called as upload, ai and transaction would call them. */
export async function startCatalogue(options: { clock?: Clock; objects?: ObjectsPlace; shared?: SharedState } = {}) {
  const system = await startSystem({ services: ['user', 'photo'], ...options });
  const photos = createClient(PhotoService, system.peersAs('upload')('photo'));
  const matches = createClient(MatchService, system.peersAs('ai')('photo'));
  const sales = createClient(SaleService, system.peersAs('transaction')('photo'));
  const keys: string[] = [];
  const newKey = () => {
    const key = newObjectKey();
    keys.push(key);
    return key;
  };
  const originalKeys: string[] = [];
  const register = async (photo: PhotoOptions): Promise<string> => {
    const photoId = photo.photoId ?? randomUUID();
    const originalKey = newKey();
    originalKeys.push(originalKey);
    await photos.registerPhoto({
      photoId,
      creatorId: photo.creatorId,
      ...(photo.eventId === undefined ? {} : { eventId: photo.eventId }),
      title: photo.title ?? 'Finish line',
      description: '',
      priceIdr: photo.priceIdr ?? 50_000n,
      sale: photo.sale ?? 'shared',
      sha256: 'a'.repeat(64),
      sizeBytes: 1_000_000n,
      format: 'jpeg',
      originalKey,
      ...(photo.timeZone === undefined ? {} : { timeZone: photo.timeZone }),
    });
    return photoId;
  };
  const publish = async (photo: PhotoOptions): Promise<string> => {
    const photoId = await register(photo);
    const { capturedLocal, capturedOffset, capturedFrom } = photo;
    await photos.publishPhoto({
      photoId,
      width: 4000,
      height: 3000,
      previewKey: newKey(),
      thumbnailKey: newKey(),
      ...(photo.isOld === true ? {} : { ...smallImages, previewSmallKey: newKey(), thumbnailSmallKey: newKey() }),
      ...(capturedLocal === undefined ? {} : { capturedLocal }),
      ...(capturedOffset === undefined ? {} : { capturedOffset }),
      ...(capturedFrom === undefined ? {} : { capturedFrom }),
    });
    return photoId;
  };
  const matchOf = (match: MatchOptions) => ({
    photoId: match.photoId,
    memberId: match.memberId,
    facecamId: match.facecamId ?? randomUUID(),
    consentEpoch: match.consentEpoch ?? 1,
    distance: match.distance ?? 0.4,
    level: match.level ?? 9,
    falseMatchRate: match.falseMatchRate ?? 1e-8,
    facecamCount: match.facecamCount ?? 1,
    isUnsure: match.isUnsure ?? false,
    packId: match.packId ?? '',
    ...(match.quality === undefined ? {} : { quality: match.quality }),
    box: { left: match.left ?? 0.1, top: 0.2, width: 0.3, height: 0.4 },
  });
  const recognise = (photoId: string, found: readonly MatchOptions[], faceCount = found.length) =>
    matches.recordRecognition({ photoId, faceCount, processedKey: newKey(), matches: found.map(matchOf) });
  const createEvent = async (creator: Member, event: object = {}) => {
    const payload = {
      name: 'City Run',
      startsAt: '2026-05-01T00:00:00Z',
      endsAt: '2026-05-01T06:00:00Z',
      timeZone: 'Asia/Jakarta',
      ...event,
    };
    const reply = await system.app.inject({ method: 'POST', url: '/v1/events', headers: creator.headers, payload });
    return created.parse(reply.json());
  };
  const get = async (url: string, member?: Member) => {
    const reply = await system.app.inject({ url, ...(member === undefined ? {} : { headers: member.headers }) });
    return { status: reply.statusCode, body: reply.body, json: () => reply.json() };
  };
  const send = (method: 'PUT' | 'PATCH' | 'DELETE' | 'POST', url: string, member: Member, payload?: object) =>
    system.app.inject({ method, url, headers: member.headers, ...(payload === undefined ? {} : { payload }) });
  const isKnown = async (creatorId: string) =>
    (await query(system.databaseUrls.photo, 'select 1 from creators where creator_id = $1', [creatorId])).length === 1;
  /** Photo hears of a new creator by an event, and this waits for it. */
  const signUp = async (options: SignUpOptions = {}): Promise<Member> => {
    const member = await signUpMember(system, options);
    if (options.creator === true) {
      await waitFor(() => isKnown(member.accountId), { what: 'the creator to be known' });
    }
    return member;
  };
  return {
    system,
    photos,
    matches,
    sales,
    /** Every storage key that was given to the service. */
    keys,
    /** Those of originals among them. */
    originalKeys,
    register,
    publish,
    matchOf,
    recognise,
    createEvent,
    get,
    send,
    signUp,
  };
}

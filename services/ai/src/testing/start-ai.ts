import path from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { type Client, createClient, type Transport } from '@connectrpc/connect';
import { FaceService } from '@kilas/contracts/gen/kilas/ai/v1/face_service_pb.js';
import { PhotoService } from '@kilas/contracts/gen/kilas/photo/v1/photo_service_pb.js';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { FileObjects, newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { type Bucket, buckets } from '@kilas/storage/buckets.ts';
import { type Member, type SignUpOptions, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { z } from 'zod';

const callTimeoutMs = 120_000;

const found = z.object({
  items: z.array(z.object({ photoId: z.string(), match: matchView() })),
  nextCursor: z.string().nullable(),
});
const own = z.object({
  items: z.array(
    z.object({
      photoId: z.string(),
      recognition: z.string(),
      recognitionFailure: z.string().nullable(),
      faceCount: z.number().nullable(),
      processedUrl: z.string().nullable(),
    }),
  ),
});

export type FoundPhoto = z.output<typeof found>['items'][number];
export type OwnPhoto = z.output<typeof own>['items'][number];

export interface TestPhoto {
  readonly photoId: string;
  readonly creatorId: string;
  readonly compressedKey: string;
  readonly processedKey: string;
}

export interface Facecam {
  readonly memberId: string;
  readonly facecamId: string;
  readonly consentEpoch: number;
  readonly selfieKey: string;
}

export interface AiSystem {
  readonly system: TestSystem;
  readonly objects: FileObjects<Bucket>;
  /** The service as upload sees it. */
  readonly faces: Client<typeof FaceService>;
  /** Whose photos `addPhoto` adds. */
  readonly creator: Member;
  /** A member who sees every match, however loose. */
  newMember(options?: SignUpOptions): Promise<Member>;
  put(bucket: Bucket, body: Buffer): Promise<string>;
  /** A photo as upload leaves it before recognition: on sale, its compressed image stored. */
  addPhoto(image: Buffer, creatorId?: string): Promise<TestPhoto>;
  registerPhoto(photo: TestPhoto): Promise<void>;
  /** The stored selfie of a member under their first consent. */
  addFacecam(selfie: Buffer, memberId?: string): Promise<Facecam>;
  /** Tells that a member withdrew the consent, as user does; answers what was erased. */
  withdraw(memberId: string, epoch: number, loosestLevel?: number): Promise<Readonly<Record<string, number>>>;
  /** What the member finds, by photo id. */
  photosOf(member: Member): Promise<FoundPhoto[]>;
  /** What the creator sees of a photo's recognition. */
  recognitionOf(photoId: string): Promise<OwnPhoto | undefined>;
}

/** The real user, photo and ai services, called as upload and user would call them. Close the system in afterAll. */
export async function startAi(env: Env = {}): Promise<AiSystem> {
  const system = await startSystem({ services: ['user', 'photo', 'ai'], env });
  const folder = path.join(system.dataFolder, 'objects');
  const objects = new FileObjects({ buckets, folder, signingKey: 'k'.repeat(32), publicUrl: 'http://kilas.test' });
  const photos = createClient(PhotoService, system.peersAs('upload')('photo'));
  const events = createClient(EventService, system.peersAs('user')('ai'));
  const creator = await signUpMember(system, { creator: true });

  const put = async (bucket: Bucket, body: Buffer) => {
    const key = newObjectKey();
    await objects.write({ bucket, key }, body);
    return key;
  };

  const registerPhoto = async ({ photoId, creatorId }: TestPhoto) => {
    const file = { sha256: 'a'.repeat(64), sizeBytes: 1_000_000n, format: 'jpeg', originalKey: newObjectKey() };
    await photos.registerPhoto({ photoId, creatorId, title: 'A photo', priceIdr: 50_000n, sale: 'shared', ...file });
    const derived = { previewKey: newObjectKey(), thumbnailKey: newObjectKey() };
    await photos.publishPhoto({ photoId, width: 1920, height: 1280, ...derived });
  };

  const read = async (member: Member, url: string): Promise<unknown> => {
    const reply = await system.app.inject({ url, headers: member.headers });
    if (reply.statusCode !== 200) throw new Error(`${url} answered ${reply.statusCode}: ${reply.body}`);
    return reply.json();
  };

  return {
    system,
    objects,
    creator,
    put,
    registerPhoto,
    faces: createClient(FaceService, patient(system.peersAs('upload')('ai'))),
    newMember: async (options) => {
      const member = await signUpMember(system, options);
      const change = { url: '/v1/me', headers: member.headers, payload: { matchLevel: 1 } };
      await system.app.inject({ method: 'PATCH', ...change });
      return member;
    },
    addPhoto: async (image, creatorId = creator.accountId) => {
      const compressedKey = await put('originals', image);
      const photo = { photoId: newId(), creatorId, compressedKey, processedKey: newObjectKey() };
      await registerPhoto(photo);
      return photo;
    },
    addFacecam: async (selfie, memberId = newId()) => {
      const selfieKey = await put('selfies', selfie);
      return { memberId, facecamId: newId(), consentEpoch: 1, selfieKey };
    },
    withdraw: async (memberId, epoch, loosestLevel = 0) => {
      const withdrawn = create(ConsentWithdrawnSchema, { memberId, epoch, loosestLevel });
      const payload = toBinary(ConsentWithdrawnSchema, withdrawn);
      const type = ConsentWithdrawnSchema.typeName;
      return (await events.deliver({ eventId: newId(), type, key: memberId, payload })).effects;
    },
    photosOf: async (member) => {
      const all: FoundPhoto[] = [];
      let cursor: string | null = null;
      do {
        const query: string = cursor === null ? '' : `&cursor=${cursor}`;
        const page: z.output<typeof found> = found.parse(await read(member, `/v1/explore?limit=100${query}`));
        all.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return all.sort((a, b) => (a.photoId < b.photoId ? -1 : 1));
    },
    recognitionOf: async (photoId) => {
      const { items } = own.parse(await read(creator, '/v1/creator/photos?limit=100'));
      return items.find((photo) => photo.photoId === photoId);
    },
  };
}

/** Calls may wait for their turn as long as upload lets them. */
function patient(transport: Transport): Transport {
  return {
    unary: (method, signal, timeoutMs, ...rest) => transport.unary(method, signal, timeoutMs ?? callTimeoutMs, ...rest),
    stream: (method, signal, timeoutMs, ...rest) =>
      transport.stream(method, signal, timeoutMs ?? callTimeoutMs, ...rest),
  };
}

function matchView() {
  const box = z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() });
  return z.object({ level: z.number(), distance: z.number(), box });
}

import type { ConnectRouter } from '@connectrpc/connect';
import { PackService } from '@kilas/contracts/gen/kilas/ai/v1/pack_service_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import { keyPattern } from '@kilas/platform/objects/objects.ts';
import { registerRpc } from '@kilas/platform/rpc/rpc-server.ts';
import { z } from 'zod';
import type { AiContext } from '../context.ts';
import { tellEndings } from '../facecams/end-confirmed-faces.ts';
import type { RunningCalls } from '../running-calls.ts';
import { countProgress, listMembersWaiting, listPhotosWaiting, type PackChange } from './change-store.ts';
import { embedPhoto } from './embed-photo.ts';
import { removeOldPack } from './remove-old-pack.ts';

const listedMax = 100;
const page = z.object({ after: z.guid().optional() });
const key = z.string().regex(keyPattern).optional();
const photo = z.object({ photoId: z.guid(), compressedKey: key, previewKey: key });

export function registerPackRpc(router: ConnectRouter, ctx: AiContext, calls: RunningCalls): void {
  const callers = ['upload'];
  registerRpc(
    router,
    PackService,
    { getChange: callers, listPhotos: callers, embedPhoto: callers, listMembers: callers, removeOld: callers },
    {
      getChange: async () => {
        const change = changeOf(ctx);
        const { currentId: packId, old } = ctx.packs;
        if (change === undefined || old === undefined) return { packId };
        const progress = await countProgress(ctx.db, change);
        return {
          packId,
          oldPackId: old.id,
          oldUntil: old.until.toISOString(),
          isOldOver: ctx.packs.isOldOver(),
          ...progress,
        };
      },
      listPhotos: async (request) => {
        const change = changeOf(ctx);
        const { after } = accept(page, request);
        return { photoIds: change ? await listPhotosWaiting(ctx.db, change, { after, limit: listedMax }) : [] };
      },
      embedPhoto: (request, { signal }) =>
        calls.run(async () => {
          const { photoId, compressedKey, previewKey } = accept(photo, request);
          await embedPhoto(ctx, { photoId, compressedKey, previewKey }, signal);
          return {};
        }),
      listMembers: async (request) => {
        const change = changeOf(ctx);
        const { after } = accept(page, request);
        return { memberIds: change ? await listMembersWaiting(ctx.db, change, { after, limit: listedMax }) : [] };
      },
      removeOld: () =>
        calls.run(async () => {
          const change = changeOf(ctx);
          const removed = change && ctx.packs.isOldOver() ? await removeOldPack(ctx.db, change) : 0;
          await tellEndings(ctx);
          return { removed };
        }),
    },
  );
}

function changeOf({ packs }: AiContext): PackChange | undefined {
  return packs.old && { packId: packs.currentId, oldPackId: packs.old.id };
}

function accept<Schema extends z.ZodType>(schema: Schema, request: unknown): z.output<Schema> {
  const result = schema.safeParse(request);
  return result.success ? result.data : refuse('REQUEST_INVALID');
}

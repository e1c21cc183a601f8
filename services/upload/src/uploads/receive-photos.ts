import { problems } from '@kilas/messages/problems.ts';
import { type FormFile, fileSizeAtMost, readForm, tooManyFiles } from '@kilas/platform/http/form.ts';
import { describeError, isUnexpected } from '@kilas/platform/http/http-app.ts';
import type { Locale, Problem } from '@kilas/platform/problems/problem.ts';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { UploadContext } from '../context.ts';
import { countPhoto } from '../metrics.ts';
import type { HeldRoom } from '../spool/room.ts';
import { spoolStream } from '../spool/spool.ts';
import { type AcceptedPhoto, acceptPhoto } from './accept-photo.ts';
import { type duplicate, viewOfDuplicate } from './duplicate-view.ts';
import { photoForm } from './photo-form.ts';
import type { Creator, PhotoFields } from './upload.ts';

export type BatchItem =
  | { readonly fileName: string; readonly outcome: 'accepted'; readonly photoId: string }
  | {
      readonly fileName: string;
      readonly outcome: 'duplicate';
      readonly photoId: string;
      readonly photo: z.output<typeof duplicate>;
    }
  | { readonly fileName: string; readonly outcome: 'refused'; readonly problem: Problem };

const fileNameLengthMax = 255;

/** Reads a form with one photo; it is accepted once the form has ended well. */
export async function receivePhoto(
  ctx: UploadContext,
  request: FastifyRequest,
  creator: Creator,
): Promise<AcceptedPhoto> {
  const form = photoForm(ctx.config, 1);
  return ctx.room.hold(fileSizeAtMost(request, form), (room) =>
    ctx.spool.withFolder(async (folder) => {
      const received: { accept: () => Promise<AcceptedPhoto> }[] = [];
      await readForm(request, form, async (file, fields) => {
        received.push({ accept: await spoolPhoto(ctx, { folder, creator, file, fields, room }) });
      });
      const [photo] = received;
      if (photo === undefined) throw new Error('a form without a file was read without an error');
      return photo.accept();
    }),
  );
}

/**
 * Reads a form with many photos. Each is accepted or refused on its own as soon as it was received, and has its entry in the answer, even if the
 * rest of the form fails. When the connection breaks, accepted photos stay accepted; when they are sent again, the answer says that they are
 * duplicates.
 */
export async function receivePhotos(
  ctx: UploadContext,
  request: FastifyRequest,
  batch: { creator: Creator; locale: Locale },
): Promise<BatchItem[]> {
  const items: BatchItem[] = [];
  const countMax = ctx.config.BATCH_FILES_MAX;
  const refuseFile = (name: string, error: unknown) => {
    const problem = describe(ctx, error, batch.locale);
    items.push({ fileName: fileNameOf(name), outcome: 'refused', problem });
  };
  const form = {
    ...photoForm(ctx.config, countMax),
    leaveOut: (name: string) => refuseFile(name, tooManyFiles(countMax)),
  };
  const sizeBytes = fileSizeAtMost(request, form);
  const receive = async (file: FormFile, fields: PhotoFields, room: HeldRoom) => {
    const fileName = fileNameOf(file.name);
    const accept = await ctx.spool.withFolder(async (folder) => {
      const acceptSpooled = await spoolPhoto(ctx, { folder, creator: batch.creator, file, fields, room });
      return acceptSpooled().then(
        (photo): BatchItem => itemOf(fileName, photo, batch.locale),
        (error): BatchItem => ({ fileName, outcome: 'refused', problem: describe(ctx, error, batch.locale) }),
      );
    });
    items.push(accept);
  };
  // Before the form is read, and for each of its files anew: others have taken room meanwhile.
  await ctx.room.hold(sizeBytes, async () => {});
  let underWay = '';
  await readForm(request, form, async (file, fields) => {
    underWay = file.name;
    await ctx.room.hold(sizeBytes, (room) => receive(file, fields, room));
    underWay = '';
  }).catch((error) => {
    // Of a form that is refused as a whole nothing was accepted.
    if (!items.some(({ outcome }) => outcome !== 'refused')) throw error;
    refuseFile(underWay, error);
  });
  return items;
}

function fileNameOf(name: string): string {
  return name.slice(0, fileNameLengthMax).toWellFormed();
}

function itemOf(fileName: string, photo: AcceptedPhoto, locale: Locale): BatchItem {
  const { photoId } = photo;
  if (photo.isNew) return { fileName, outcome: 'accepted', photoId };
  return { fileName, outcome: 'duplicate', photoId, photo: viewOfDuplicate(photoId, photo.known, locale) };
}

async function spoolPhoto(
  ctx: UploadContext,
  photo: { folder: string; creator: Creator; file: FormFile; fields: PhotoFields; room: HeldRoom },
): Promise<() => Promise<AcceptedPhoto>> {
  const { creator, fields } = photo;
  const file = await spoolStream(photo.folder, photo.file.stream, photo.room);
  const isTruncated = photo.file.isTruncated();
  const input = { creator, fields, fileName: photo.file.name, file, isTruncated };
  return () => countPhoto(file.sizeBytes, () => acceptPhoto(ctx, input));
}

function describe(ctx: UploadContext, error: unknown, locale: Locale): Problem {
  const problem = describeError(error, locale, problems);
  if (isUnexpected(error, problem)) ctx.log.error({ err: error }, 'a file of a batch failed');
  return problem;
}

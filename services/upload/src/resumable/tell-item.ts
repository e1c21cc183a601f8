import { Code } from '@connectrpc/connect';
import { problems } from '@kilas/messages/problems.ts';
import { describeError } from '@kilas/platform/http/http-app.ts';
import type { Locale, Problem } from '@kilas/platform/problems/problem.ts';
import { refusalError } from '@kilas/platform/problems/refusal.ts';
import { z } from 'zod';
import type { StoredRefusal } from '../db/schema.ts';
import { duplicate, viewOfDuplicate } from '../uploads/duplicate-view.ts';
import type { Finished } from './finish-upload.ts';
import type { Told } from './resumable-upload.ts';

/** How an upload is told, by the answer to its last part and by its status. */
export const item = z.object({
  uploadId: z.guid(),
  state: z
    .enum(['receiving', 'accepted', 'processed', 'failed', 'duplicate', 'refused', 'gone'])
    .describe(
      'accepted: images are being made; processed: handed over for sale; duplicate: these bytes are a photo of yours already; gone: expired, cancelled, or not known',
    ),
  offset: z.number().int().optional().describe('While it is received: so many bytes are safe'),
  photoId: z.guid().optional(),
  photo: duplicate
    .optional()
    .describe('With the last part of a duplicate: the photo as it is, and what was not applied'),
  problem: z
    .looseObject({
      type: z.string(),
      title: z.string(),
      status: z.number().int(),
      code: z.string(),
      detail: z.string(),
    })
    .optional()
    .describe('Why it failed or was refused'),
});

export type Item = z.output<typeof item>;

export function itemOfTold(told: Told, locale: Locale): Item {
  const { uploadId, state, offsetBytes, photoId, refusal } = told;
  return {
    uploadId,
    state,
    ...(state === 'receiving' ? { offset: offsetBytes } : {}),
    ...(photoId === null ? {} : { photoId }),
    ...(refusal === null ? {} : { problem: problemIn(refusal, locale) }),
  };
}

export function itemOfFinished(uploadId: string, finished: Finished, locale: Locale): Item {
  if (finished.state === 'refused') {
    return { uploadId, state: finished.state, problem: problemIn(finished.refusal, locale) };
  }
  const { state, photoId, photo } = finished;
  const view = photo === undefined || photo.isNew ? {} : { photo: viewOfDuplicate(photoId, photo.known, locale) };
  return { uploadId, state, photoId, ...view };
}

function problemIn({ reason, params }: StoredRefusal, locale: Locale): Problem {
  return describeError(refusalError(codeOf(reason), reason, params), locale, problems);
}

function codeOf(reason: string): Code {
  return Object.entries(problems).find(([known]) => known === reason)?.[1].code ?? Code.Internal;
}

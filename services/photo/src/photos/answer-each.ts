import { identityOf } from '@kilas/identity/identity.ts';
import { problems, type Reason } from '@kilas/messages/problems.ts';
import { localeOf, problemOf } from '@kilas/platform/problems/problem.ts';
import { listOf } from '@kilas/platform/values/bounds.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

/** What a photographer has on one screen, with room; one transaction holds them all. */
export const photoCountMax = 500;
export const eachForItself = 'Each photo is answered for itself, and to ask again changes nothing.';

export const photoIdList = listOf(z.guid(), photoCountMax);

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
});

/** What a route answers of many photos. */
export function outcomesOf<const Done extends string>(done: readonly Done[]) {
  const outcome = z.enum([...done, 'refused']);
  return z.object({ items: z.array(z.object({ photoId: z.guid(), outcome, problem: problem.optional() })) });
}

/** Why an operation left a photo as it is. */
const reasons = {
  not_found: 'PHOTO_NOT_FOUND',
  sold: 'PHOTO_SOLD',
  reserved: 'PHOTO_RESERVED',
} as const satisfies Record<string, Reason>;
type Refused = keyof typeof reasons;

/** Each once, as the database writes it. */
export function ownPhotosOf(request: FastifyRequest, photoIds: readonly string[]) {
  const ids = new Set(photoIds.map((photoId) => photoId.toLowerCase()));
  return { creatorId: identityOf(request).accountId, photoIds: [...ids] };
}

/** The items of the answer, and 207 where a photo was refused. */
export function answerOf<Done extends string>(request: FastifyRequest, outcomes: ReadonlyMap<string, Done | Refused>) {
  const locale = localeOf(request.headers['accept-language']);
  const items = [...outcomes].map(([photoId, outcome]) => {
    if (!isRefused(outcome)) return { photoId, outcome };
    const reason = reasons[outcome];
    const refusal = { code: problems[reason].code, reason, params: {} };
    return { photoId, outcome: 'refused' as const, problem: problemOf(refusal, problems, locale) };
  });
  const areAllDone = items.every(({ outcome }) => outcome !== 'refused');
  return { status: areAllDone ? (200 as const) : (207 as const), items };
}

function isRefused<Done extends string>(outcome: Done | Refused): outcome is Refused {
  return outcome in reasons;
}

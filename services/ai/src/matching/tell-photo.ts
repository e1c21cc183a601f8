import { type Client, createClient } from '@connectrpc/connect';
import { MatchService } from '@kilas/contracts/gen/kilas/photo/v1/match_service_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import type { AiContext } from '../context.ts';
import { findBestRecognition } from '../faces/face-store.ts';
import { listCalibrations } from '../packs/pack-store.ts';
import { listMissingFacecams } from '../templates/template-store.ts';
import { type FaceMatch, toMessage } from './match.ts';
import { listMatchesByMember, listMatchesByPhoto, listMatchesOfRivals, type MatchPosition } from './match-store.ts';

/** Most matches that one call carries. */
export const matchesPerCallMax = 500;

/** Ends a photo's recognition at the photo service, with what the tables hold. Refuses with PHOTO_NOT_FOUND. */
export async function tellRecognition(
  ctx: AiContext,
  photoId: string,
): Promise<{ faceCount: number; matchCount: number }> {
  const recognition = await findBestRecognition(ctx.db, photoId);
  // Its creator deleted it since it was looked at.
  if (recognition === undefined) refuse('PHOTO_NOT_FOUND');
  const { faceCount, processedKey } = recognition;
  const photo = client(ctx);
  const told = new Facecams();
  const calibrationOf = await listCalibrations(ctx.db);
  const tellable = (found: readonly FaceMatch[]) => told.note(found).map((match) => toMessage(match, calibrationOf));
  const page = (after: string | undefined) => listMatchesByPhoto(ctx.db, photoId, { after, limit: matchesPerCallMax });
  // The last page ends the recognition; those before it, of a photo with very many matches, are told first.
  let last = await page(undefined);
  let matchCount = last.length;
  while (last.length === matchesPerCallMax) {
    const next = await page(last.at(-1)?.memberId);
    if (next.length === 0) break;
    await photo.recordMatches({ matches: tellable(last) });
    last = next;
    matchCount += next.length;
  }
  await photo.recordRecognition({ photoId, faceCount, processedKey, matches: tellable(last) });
  await retractMissing(ctx, told);
  return { faceCount, matchCount };
}

/** Tells photo all matches of a member, or those of one facecam; answers how many they are. */
export async function tellMatches(ctx: AiContext, memberId: string, facecamId?: string): Promise<number> {
  const photo = client(ctx);
  const told = new Facecams();
  const calibrationOf = await listCalibrations(ctx.db);
  const tellable = (found: readonly FaceMatch[]) => told.note(found).map((match) => toMessage(match, calibrationOf));
  const which = { limit: matchesPerCallMax, ...(facecamId === undefined ? {} : { facecamId }) };
  let count = 0;
  let after: string | undefined;
  do {
    const found = await listMatchesByMember(ctx.db, memberId, { ...which, after });
    if (found.length > 0) await photo.recordMatches({ matches: tellable(found) });
    count += found.length;
    after = found.length === matchesPerCallMax ? found.at(-1)?.photoId : undefined;
  } while (after !== undefined);
  await retractMissing(ctx, told);
  return count;
}

/** Tells photo again about the other members who are found by the faces that a facecam found: photo asks those who are farther away from now on. */
export async function tellRivals(ctx: AiContext, facecam: { memberId: string; facecamId: string }): Promise<void> {
  const photo = client(ctx);
  const told = new Facecams();
  const calibrationOf = await listCalibrations(ctx.db);
  let after: MatchPosition | undefined;
  do {
    const found = await listMatchesOfRivals(ctx.db, facecam, { after, limit: matchesPerCallMax });
    const messages = told.note(found).map((match) => toMessage(match, calibrationOf));
    if (found.length > 0) await photo.recordMatches({ matches: messages });
    after = found.length === matchesPerCallMax ? found.at(-1) : undefined;
  } while (after !== undefined);
  await retractMissing(ctx, told);
}

export async function tellForgotten(ctx: AiContext, facecam: { memberId: string; facecamId: string }): Promise<void> {
  await client(ctx).forgetFacecam(facecam);
}

/**
 * A facecam that was removed between reading its matches and telling them may have been told after photo had forgotten it. So this tells photo to
 * forget it again, and tells the matches of the member's other facecams again. It ends, because no facecam comes back.
 */
async function retractMissing(ctx: AiContext, told: Facecams): Promise<void> {
  for (const facecamId of await listMissingFacecams(ctx.db, told.ids)) {
    const memberId = told.memberOf(facecamId);
    await tellForgotten(ctx, { memberId, facecamId });
    await tellMatches(ctx, memberId);
  }
}

/** The facecams that photo was told of, and whose they are. */
class Facecams {
  readonly #members = new Map<string, string>();

  get ids(): string[] {
    return [...this.#members.keys()];
  }

  note(matches: readonly FaceMatch[]): readonly FaceMatch[] {
    for (const { facecamId, memberId } of matches) this.#members.set(facecamId, memberId);
    return matches;
  }

  memberOf(facecamId: string): string {
    return this.#members.get(facecamId) ?? '';
  }
}

function client(ctx: AiContext): Client<typeof MatchService> {
  return createClient(MatchService, ctx.peers('photo'));
}

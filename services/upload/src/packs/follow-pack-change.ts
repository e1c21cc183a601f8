import { type Client, createClient } from '@connectrpc/connect';
import { PackService } from '@kilas/contracts/gen/kilas/ai/v1/pack_service_pb.js';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import type { UploadContext } from '../context.ts';
import { findUpload } from '../uploads/upload-store.ts';
import { renewFacecams } from './renew-facecams.ts';

/** How long one run goes on; the next one follows within the minute. */
const runMaxMs = 50_000;
const embedTimeoutMs = 120_000;

type Packs = Client<typeof PackService>;

/**
 * While ai changes its model pack, enrols members again or asks them, and has photos looked at again; once the old pack's time is over, has its
 * rows removed. ai knows what is left to do, so nothing is lost when a process dies, and work that two processes do at once counts once.
 */
export class PackChangeFollower {
  readonly #ctx: UploadContext;
  /** Where this process goes on, so that a photo that fails each time does not keep the others waiting. */
  #lastPhotoId: string | undefined;

  constructor(ctx: UploadContext) {
    this.#ctx = ctx;
  }

  async run(signal: AbortSignal): Promise<void> {
    const packs = createClient(PackService, this.#ctx.peers('ai'));
    const change = await packs.getChange({}, { signal });
    if (change.oldPackId === '') return;
    const { packId, oldPackId, photoCount, photosWaiting, memberCount, membersWaiting } = change;
    if (photosWaiting + membersWaiting > 0 || (change.isOldOver && photoCount + memberCount > 0)) {
      const progress = { photoCount, photosWaiting, memberCount, membersWaiting };
      this.#ctx.log.info({ packId, oldPackId, ...progress }, 'changing the model pack');
    }
    const ends = AbortSignal.any([signal, AbortSignal.timeout(runMaxMs)]);
    const errors: unknown[] = [];
    await this.#renewMembers(packs, { packId, until: change.oldUntil }, ends, errors);
    await this.#embedPhotos(packs, ends, errors);
    while (change.isOldOver && !ends.aborted && (await packs.removeOld({})).removed > 0);
    if (errors.length > 0)
      throw new AggregateError(errors, `${errors.length} steps of the change failed; they come again`);
  }

  async #renewMembers(
    packs: Packs,
    change: { packId: string; until: string },
    ends: AbortSignal,
    errors: unknown[],
  ): Promise<void> {
    let after: string | undefined;
    do {
      const { memberIds } = await packs.listMembers(after === undefined ? {} : { after });
      for (const memberId of memberIds) {
        if (ends.aborted) return;
        await renewFacecams(this.#ctx, { memberId, ...change }).catch((error) => errors.push(error));
      }
      after = memberIds.at(-1);
    } while (after !== undefined);
  }

  async #embedPhotos(packs: Packs, ends: AbortSignal, errors: unknown[]): Promise<void> {
    for (let wraps = this.#lastPhotoId === undefined ? 1 : 0; wraps < 2 && !ends.aborted; ) {
      const after = this.#lastPhotoId;
      const { photoIds } = await packs.listPhotos(after === undefined ? {} : { after });
      for (const photoId of photoIds) {
        if (ends.aborted) return;
        const isBusy = await this.#embed(packs, photoId, ends, errors);
        if (isBusy) return;
        this.#lastPhotoId = photoId;
      }
      if (photoIds.length > 0) continue;
      this.#lastPhotoId = undefined;
      wraps += 1;
    }
  }

  /** Whether ai has no time now. */
  async #embed(packs: Packs, photoId: string, ends: AbortSignal, errors: unknown[]): Promise<boolean> {
    try {
      const upload = await findUpload(this.#ctx.db, photoId);
      const keys = upload && { compressedKey: upload.compressed_key, previewKey: upload.preview_key };
      const request = { photoId, ...keys };
      await packs.embedPhoto(request, { timeoutMs: embedTimeoutMs, signal: ends });
    } catch (error) {
      if (ends.aborted || refusalOf(error)?.reason === 'AI_BUSY') return true;
      errors.push(error);
    }
    return false;
  }
}

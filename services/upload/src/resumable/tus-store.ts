import { refuse } from '@kilas/messages/refuse.ts';
import { DataStore, type Lock, type Locker, Metadata, Upload } from '@tus/server';
import type { UploadContext } from '../context.ts';
import type { Guest } from '../places.ts';
import type { Creator } from '../uploads/upload.ts';
import { beginUpload } from './begin-upload.ts';
import { discardParts } from './discard-parts.ts';
import { Lease, takeUpload } from './lease.ts';
import { type PartOutcome, receivePart } from './receive-part.ts';
import type { RequestBody } from './request-body.ts';
import { markGone } from './resumable-store.ts';
import type { Receiving, Told } from './resumable-upload.ts';

/** What one request brings, besides what the protocol says of it. */
export interface TusRequest {
  readonly creator: Creator;
  readonly guest: Guest;
  readonly isCreation: boolean;
  /** Whether the body is bytes of the file. */
  readonly isPart: boolean;
  /** Of the body; undefined when the request does not say. */
  readonly bodySizeBytes: number | undefined;
  /** SHA-256 of the body in hex. */
  readonly sha256: string | undefined;
  openBody(sizeMaxBytes: number, signals: readonly AbortSignal[]): RequestBody;
}

/**
 * What @tus/server, which knows the protocol, stores and locks with for one request. It gets the request without the body: that is read from
 * the connection, under the rules that hold for every upload.
 */
export class TusStore extends DataStore implements Locker {
  override readonly extensions = ['creation', 'creation-with-upload', 'termination'];
  readonly #ctx: UploadContext;
  readonly #request: TusRequest;
  #receiving: Receiving | undefined;
  #lease: Lease | undefined;
  /** What became of the upload before this request. */
  told: Told | undefined;
  /** What this request did. */
  outcome: PartOutcome | undefined;

  constructor(ctx: UploadContext, request: TusRequest) {
    super();
    this.#ctx = ctx;
    this.#request = request;
  }

  get receiving(): Receiving | undefined {
    return this.#receiving;
  }

  newLock(uploadId: string): Lock {
    return {
      lock: async () => {
        if (!this.#request.isCreation) await this.#take(uploadId);
      },
      unlock: async () => this.#lease?.release(),
    };
  }

  override async create(upload: Upload): Promise<Upload> {
    const { creator, isPart, bodySizeBytes } = this.#request;
    const sizeBytes = upload.size ?? 0;
    this.#receiving = await beginUpload(this.#ctx, {
      uploadId: upload.id,
      creatorId: creator.creatorId,
      sizeBytes,
      metadata: upload.metadata === undefined ? '' : Metadata.stringify(upload.metadata),
      comesWhole: isPart && bodySizeBytes === sizeBytes,
    });
    const { uploadId, holder } = this.#receiving;
    if (holder !== undefined) this.#lease = new Lease(this.#ctx, { uploadId, holder });
    return upload;
  }

  override async getUpload(id: string): Promise<Upload> {
    const known = this.#receiving ?? this.told;
    if (known === undefined) throw new Error('an upload was asked for before it was taken');
    const { sizeBytes: size, offsetBytes: offset, metadata } = known;
    return new Upload({ id, size, offset, ...(metadata ? { metadata: Metadata.parse(metadata) } : {}) });
  }

  override async write(emptied: NodeJS.ReadableStream): Promise<number> {
    emptied.resume();
    const receiving = this.#receiving;
    if (receiving === undefined) throw new Error('bytes came for an upload that was not taken');
    const signals = this.#lease === undefined ? [] : [this.#lease.signal];
    const { creator, guest, bodySizeBytes: sizeBytes, sha256 } = this.#request;
    const body = this.#request.openBody(receiving.sizeBytes - receiving.offsetBytes, signals);
    this.outcome = await receivePart(this.#ctx, { creator, guest, receiving, body, sizeBytes, sha256 });
    return this.outcome.offsetBytes;
  }

  override async remove(uploadId: string): Promise<void> {
    if (this.#receiving === undefined) refuse('UPLOAD_ENDED');
    const { holder } = this.#receiving;
    const isGone = await markGone(this.#ctx.db, {
      uploadId,
      ...(holder === undefined ? {} : { holder }),
      now: this.#ctx.clock.now(),
    });
    if (!isGone) refuse('UPLOAD_HELD', { retryAfterSeconds: '1' });
    await discardParts(this.#ctx, uploadId);
  }

  async #take(uploadId: string): Promise<void> {
    const taken = await takeUpload(this.#ctx, { uploadId, creatorId: this.#request.creator.creatorId });
    if ('lease' in taken) {
      this.#receiving = taken.receiving;
      this.#lease = taken.lease;
      return;
    }
    this.told = taken.told;
    if (this.told.state === 'gone') refuse(this.told.isKnown ? 'UPLOAD_GONE' : 'UPLOAD_NOT_FOUND');
  }
}

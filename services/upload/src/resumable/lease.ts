import { setTimeout as delay } from 'node:timers/promises';
import { refusal } from '@kilas/messages/refuse.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { UploadContext } from '../context.ts';
import { askForLease, releaseLease, renewLease, takeLease, tellUploads } from './resumable-store.ts';
import type { Receiving, Told } from './resumable-upload.ts';

/** How often a holder gives a sign of life, and looks whether somebody else waits. */
const renewEveryMs = 1_000;
/** How often one who waits looks, from the first time on and more and more rarely. */
const lookAfterMs = { first: 50, last: 1_000 };
/** Requests of this process that may wait for one upload; more are refused at once. */
const waitersMax = 4;
/** A holder that has all bytes is not disturbed, and may have to wait for its turn. */
const waitMaxMs = 25_000;
const retryAfterSeconds = '5';

/**
 * The right to work on an upload, which one request at a time has, on whichever replica: a mark in the upload's row with a time to live, so
 * that it needs no session of the database and ends by itself when its process does. Whoever comes asks the holder to leave: a client that
 * comes again has given the former connection up. Every write of a holder names it, so that one who lost the upload changes nothing.
 */
export class Lease {
  readonly #ctx: Pick<UploadContext, 'db'>;
  readonly #held: { readonly uploadId: string; readonly holder: string };
  readonly #leave = new AbortController();
  readonly #timer: NodeJS.Timeout;

  /** Of a row that was just written with this holder. */
  constructor(ctx: Pick<UploadContext, 'db'>, held: { uploadId: string; holder: string }) {
    this.#ctx = ctx;
    this.#held = held;
    this.#timer = setInterval(() => void this.#renew(), renewEveryMs);
    this.#timer.unref();
  }

  /** Aborted when somebody else wants the upload, or has it: what came by then is to be kept, and no more is to be taken. */
  get signal(): AbortSignal {
    return this.#leave.signal;
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    // Where the database is away, it ends by itself.
    await releaseLease(this.#ctx.db, this.#held).catch(() => {});
  }

  async #renew(): Promise<void> {
    // Where the database is away, no write of this holder succeeds without the mark.
    const renewed = await renewLease(this.#ctx.db, this.#held).catch(() => ({ isWanted: false }));
    if (renewed === undefined || renewed.isWanted) this.#leave.abort(held());
  }
}

export type Taken = { readonly receiving: Receiving; readonly lease: Lease } | { readonly told: Told };

/** By creator and upload. */
const waiters = new Map<string, number>();

/**
 * Takes an upload of which bytes are to come, from whoever holds it; else tells what became of it. Refuses with UPLOAD_HELD when the holder
 * does not leave, or others wait already.
 */
export async function takeUpload(
  ctx: Pick<UploadContext, 'db' | 'clock'>,
  upload: { uploadId: string; creatorId: string },
): Promise<Taken> {
  const key = `${upload.creatorId}/${upload.uploadId}`;
  const count = waiters.get(key) ?? 0;
  if (count >= waitersMax) throw held();
  waiters.set(key, count + 1);
  try {
    return await take(ctx, upload);
  } finally {
    const left = (waiters.get(key) ?? 1) - 1;
    if (left === 0) waiters.delete(key);
    else waiters.set(key, left);
  }
}

async function take(
  ctx: Pick<UploadContext, 'db' | 'clock'>,
  { uploadId, creatorId }: { uploadId: string; creatorId: string },
): Promise<Taken> {
  const holder = newId();
  const deadline = performance.now() + waitMaxMs;
  let lookMs = lookAfterMs.first;
  for (;;) {
    const now = ctx.clock.now();
    const receiving = await takeLease(ctx.db, { uploadId, creatorId, holder, now });
    if (receiving !== undefined) return { receiving, lease: new Lease(ctx, { uploadId, holder }) };
    const [told] = await tellUploads(ctx.db, { creatorId, uploadIds: [uploadId], now });
    if (told === undefined) throw new Error('an upload was asked for and not told');
    if (told.state !== 'receiving') return { told };
    if (performance.now() > deadline) throw held();
    await askForLease(ctx.db, uploadId);
    await delay(lookMs);
    lookMs = Math.min(2 * lookMs, lookAfterMs.last);
  }
}

function held(): Error {
  return refusal('UPLOAD_HELD', { retryAfterSeconds });
}

import { transact } from '@kilas/platform/db/transact.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import { deleteDuePlaces, listDuePlaces } from '../claims/cut-off-store.ts';
import { dropHeld } from '../claims/give-up-places.ts';
import type { ErasedVector } from '../erasures/erased-vector.ts';
import {
  insertErasure,
  listOpenErasures,
  markCutOffGone,
  markGone,
  markUnsearchable,
  noteExpired,
} from '../erasures/erasure-store.ts';
import { probeVectors, vectorsProbedMax } from '../erasures/probe-vectors.ts';
import type { ProofContext } from '../erasures/prove-erasure.ts';
import { type Due, deleteFacesOfEvent, deleteFacesOfPhotos, lockDuePhotos } from '../faces/expired-face-store.ts';
import { deleteFacesAt } from '../faces/place-store.ts';
import { markTypicalFacesStale } from '../typical-faces/typical-face-store.ts';
import { findOldestOverdue, lockDueEvent } from './retention-store.ts';

/** Faces, photos without an event, and places of faces that were cut off, that one transaction erases. */
const facesPerBatch = 500;
const photosPerBatch = 100;
const placesPerBatch = 100;
/** Erasures of one sweep that are proven; the others are in the next one. */
const erasuresPerSweepMax = 1_000;
/**
 * A photo of an event whose retention has ended is recognised like any other: whoever is enrolled is found. Its faces are left
 * that long, so that a process which dies before it told photo can tell it again.
 */
const settleSeconds = 3_600;

export type RetentionContext = ProofContext & { readonly config: { readonly FACES_KEPT_DAYS: number } };

/**
 * Erases in batches, each a transaction: the faces of events whose retention ended, the faces of photos without an event after their time, and
 * cut-off faces that nobody else holds. Then proves that they are gone, together with everything that an earlier sweep or a withdrawal left
 * unproven. Any number of replicas may sweep at once. A replica that dies leaves nothing half done.
 */
export async function sweepRetention(ctx: RetentionContext): Promise<void> {
  const due = dueOf(ctx);
  const erased = new Map<string, ErasedVector[]>();
  const note = ({ erasureId, vectors }: Batch) => {
    if (erasureId === null) return;
    const known = erased.get(erasureId) ?? [];
    erased.set(erasureId, [...known, ...vectors].slice(0, vectorsProbedMax));
  };
  for (const eraseBatch of [eraseBatchOfEvent, eraseBatchOfPhotos, eraseBatchCutOff]) {
    for (let batch = await eraseBatch(ctx, due); batch !== undefined; batch = await eraseBatch(ctx, due)) note(batch);
  }
  await proveOpen(ctx, erased);
  await markCutOffGone(ctx.db, ctx.clock.now());
}

/** Seconds since the longest overdue faces should be gone; 0 when all is well. */
export async function measureOverdue(ctx: RetentionContext): Promise<number> {
  return findOldestOverdue(ctx.db, dueOf(ctx));
}

interface Batch {
  /** Null where nothing was erased. */
  readonly erasureId: string | null;
  readonly vectors: readonly ErasedVector[];
}

function dueOf({ clock, config }: RetentionContext): Due {
  const now = clock.now();
  return {
    now,
    settledBefore: addSeconds(now, -settleSeconds),
    uploadedBefore: addSeconds(now, -config.FACES_KEPT_DAYS * 86_400),
  };
}

async function eraseBatchOfEvent(ctx: RetentionContext, due: Due): Promise<Batch | undefined> {
  return transact(ctx.db, async (tx) => {
    const event = await lockDueEvent(tx, due);
    if (event === undefined) return undefined;
    const vectors = await deleteFacesOfEvent(tx, event.eventId, due, facesPerBatch);
    const erasureId = await noteExpired(tx, { ...event, faceCount: vectors.length, now: due.now });
    return { erasureId, vectors };
  });
}

async function eraseBatchOfPhotos(ctx: RetentionContext, due: Due): Promise<Batch | undefined> {
  return transact(ctx.db, async (tx) => {
    const { photoIds, oldestUpload } = await lockDuePhotos(tx, due, photosPerBatch);
    if (oldestUpload === undefined) return undefined;
    const vectors = await deleteFacesOfPhotos(tx, photoIds, due.now);
    const dueAt = addSeconds(oldestUpload, ctx.config.FACES_KEPT_DAYS * 86_400);
    const erasureId = await noteExpired(tx, { eventId: null, dueAt, faceCount: vectors.length, now: due.now });
    return { erasureId, vectors };
  });
}

/** Who is found by one of them by now, or was before a pack changed, keeps it; whoever withdrew may be among them, having enrolled anew. */
async function eraseBatchCutOff(ctx: RetentionContext, { now }: Due): Promise<Batch | undefined> {
  return transact(ctx.db, async (tx) => {
    const due = await listDuePlaces(tx, now, placesPerBatch);
    const [first] = due;
    if (first === undefined) return undefined;
    const free = await dropHeld(tx, due);
    // Behind the locks of their photos: of two replicas one has them all.
    const ended = await deleteDuePlaces(
      tx,
      due.map((place) => place.place_id),
      now,
    );
    const vectors = await deleteFacesAt(
      tx,
      free.filter((place) => ended.has(place.place_id)),
    );
    if (vectors.length === 0) return { erasureId: null, vectors };
    await markTypicalFacesStale(tx, vectors);
    const noted = { reason: 'cut_off' as const, dueAt: first.erase_at, faceCount: vectors.length, erasedAt: now };
    return { erasureId: await insertErasure(tx, noted), vectors };
  });
}

/** What this sweep erased is looked for; of the rest only VACUUM can say anything. */
async function proveOpen(ctx: RetentionContext, erased: ReadonlyMap<string, readonly ErasedVector[]>): Promise<void> {
  for (const [erasureId, vectors] of erased) {
    const probe = await probeVectors(ctx.db, vectors);
    if (probe.survivors > 0) ctx.log.error({ erasureId, ...probe }, 'what was erased is still found');
    await markUnsearchable(ctx.db, erasureId, { at: ctx.clock.now(), ...probe });
  }
  const open = await listOpenErasures(ctx.db, erasuresPerSweepMax);
  if (open.length === 0 || !(await ctx.vacuum.run())) return;
  for (const erasure of open) await markGone(ctx.db, erasure, ctx.clock.now());
}

import { timestampDate } from '@bufbuild/protobuf/wkt';
import { PhotosReservedSchema, ReservationEndedSchema } from '@kilas/contracts/gen/kilas/transaction/v1/events_pb.js';
import { subscribe } from '@kilas/platform/events/events.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import type { PhotoSchema } from '../db/schema.ts';
import { deleteHeld, deleteReserved, insertReserved, insertWaits } from './sale-store.ts';

/** An order that is not closed so long after its time was closed, and the word of it lost. */
const closedWithinSeconds = 3600;

/** Keeps which photos of open orders nobody else can buy, or their buyer a second time. */
export const onPhotosReserved = subscribe<PhotoSchema, typeof PhotosReservedSchema>(
  'transaction',
  PhotosReservedSchema,
  async (tx, { orderId, buyerId, photos, expiresAt }) => {
    if (expiresAt === undefined) throw new Error('reserved without an end');
    const heldUntil = addSeconds(timestampDate(expiresAt), closedWithinSeconds);
    await insertReserved(tx, { orderId, buyerId, photos, heldUntil });
    await deleteHeld(tx, orderId);
    return {};
  },
);

/** They are free again, or were never reserved; those that the buyer held too long without paying, for others. */
export const onReservationEnded = subscribe<PhotoSchema, typeof ReservationEndedSchema>(
  'transaction',
  ReservationEndedSchema,
  async (tx, { orderId, buyerId, waits }) => {
    await deleteReserved(tx, orderId);
    await deleteHeld(tx, orderId);
    const photos = waits.flatMap(({ photoId, until }) =>
      until === undefined ? [] : [{ photoId, until: timestampDate(until) }],
    );
    await insertWaits(tx, { orderId, buyerId, photos });
    return {};
  },
);

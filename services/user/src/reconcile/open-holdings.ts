import { openForReading } from '@kilas/platform/db/open-for-reading.ts';
import { type HoldingsOptions, menderOn } from '@kilas/platform/service/holdings.ts';
import type { UserSchema } from '../db/schema.ts';
import { deleteNotification } from '../notifications/notification-store.ts';
import { holdingsIn } from './held-store.ts';

export async function openHoldings({ databaseUrl, before }: HoldingsOptions) {
  const db = openForReading<UserSchema>(databaseUrl);
  return {
    holds: holdingsIn(db, before),
    mends: {
      deleteNotices: menderOn(db)<{ id: string }>((tx, { id }) => deleteNotification(tx, id)),
    },
    close: () => db.destroy(),
  };
}

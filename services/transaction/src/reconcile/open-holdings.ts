import { openForReading } from '@kilas/platform/db/open-for-reading.ts';
import type { HoldingsOptions } from '@kilas/platform/service/holdings.ts';
import type { TransactionSchema } from '../db/schema.ts';
import { verifyChain } from '../ledger/verify-chain.ts';
import { holdingsIn } from './held-store.ts';

/** It mends nothing: of what was paid for only a person may judge. */
export async function openHoldings({ databaseUrl, before }: HoldingsOptions) {
  const db = openForReading<TransactionSchema>(databaseUrl);
  return {
    holds: holdingsIn(db, before),
    mends: {},
    verifyLedger: () => verifyChain({ db }),
    close: () => db.destroy(),
  };
}

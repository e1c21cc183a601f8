import type { Clock } from '@kilas/platform/clock.ts';
import { openDatabase } from '@kilas/platform/db.ts';
import { Outbox } from '@kilas/platform/events.ts';
import { Jobs } from '@kilas/platform/jobs.ts';
import { type Log, openLog } from '@kilas/platform/log.ts';
import type { Peers } from '@kilas/platform/rpc-client.ts';
import type { Wiring } from '@kilas/platform/service.ts';
import { createServiceSigner } from '@kilas/platform/service-token.ts';
import type { Kysely } from 'kysely';
import type { TransactionConfig } from './config.ts';
import type { TransactionSchema } from './db/schema.ts';
import type { PaymentProvider, ProviderName } from './payments/payment-provider.ts';
import { openSandbox } from './payments/sandbox.ts';
import { publications } from './publications.ts';

/** What every operation of this service gets first. */
export interface TransactionContext {
  readonly config: TransactionConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly db: Kysely<TransactionSchema>;
  readonly jobs: Jobs;
  readonly outbox: Outbox;
  readonly peers: Peers;
  readonly providers: Readonly<Record<ProviderName, PaymentProvider>>;
}

export function openContext(config: TransactionConfig, wiring: Wiring): TransactionContext {
  const { clock } = wiring;
  const log = openLog('transaction', config.LOG_LEVEL);
  const db = openDatabase<TransactionSchema>({
    url: config.DATABASE_URL,
    poolSizeMax: config.DATABASE_POOL_MAX,
    onIdleError: (error) => log.warn({ err: error }, 'database connection lost'),
  });
  const jobs = new Jobs({ databaseUrl: config.DATABASE_URL, log });
  const outbox = new Outbox({ jobs, clock, publications });
  const peers = wiring.peers(createServiceSigner('transaction', config.SERVICE_PRIVATE_KEY, clock));
  const providers = { sandbox: openSandbox({ config, clock, db, jobs }) };
  return { config, clock, log, db, jobs, outbox, peers, providers };
}

import { Outbox } from '@kilas/platform/events/outbox/outbox.ts';
import type { Jobs } from '@kilas/platform/jobs/jobs.ts';
import { type BaseContext, openBase, openJobs } from '@kilas/platform/service/base-context.ts';
import type { Wiring } from '@kilas/platform/service/service.ts';
import type { TransactionConfig } from './config.ts';
import type { TransactionSchema } from './db/schema.ts';
import { type Limits, openLimits } from './limits.ts';
import type { PaymentProvider, ProviderName } from './payments/payment-provider.ts';
import { openSandbox } from './payments/sandbox.ts';
import { publications } from './publications.ts';

/** What every operation of this service gets first. */
export interface TransactionContext extends BaseContext<TransactionSchema> {
  readonly config: TransactionConfig;
  readonly jobs: Jobs;
  readonly outbox: Outbox;
  readonly providers: Readonly<Record<ProviderName, PaymentProvider>>;
  readonly limits: Limits;
}

export function openContext(config: TransactionConfig, wiring: Wiring): TransactionContext {
  const { clock } = wiring;
  const base = openBase<TransactionSchema>('transaction', config, wiring);
  const jobs = openJobs(config, base.log);
  const outbox = new Outbox({ db: base.db, log: base.log, clock, publications });
  const providers = { sandbox: openSandbox({ config, clock, db: base.db, jobs }) };
  return { ...base, config, jobs, outbox, providers, limits: openLimits(base.shared) };
}

import type { Clock } from '@kilas/platform/clock.ts';
import { openDatabase } from '@kilas/platform/db.ts';
import { Outbox } from '@kilas/platform/events.ts';
import { Jobs } from '@kilas/platform/jobs.ts';
import { type Log, openLog } from '@kilas/platform/log.ts';
import type { Peers } from '@kilas/platform/rpc-client.ts';
import type { Wiring } from '@kilas/platform/service.ts';
import { createServiceSigner } from '@kilas/platform/service-token.ts';
import type { Kysely } from 'kysely';
import { Passwords } from './accounts/passwords.ts';
import type { UserConfig } from './config.ts';
import type { UserSchema } from './db/schema.ts';
import { type Limits, openLimits } from './limits.ts';
import type { Mailer } from './mail/mail.ts';
import { openMailer } from './mail/open-mailer.ts';
import { publications } from './publications.ts';
import { SessionTokens } from './sessions/session-tokens.ts';

/** What every operation of this service gets first. */
export interface UserContext {
  readonly config: UserConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly db: Kysely<UserSchema>;
  readonly jobs: Jobs;
  readonly outbox: Outbox;
  readonly peers: Peers;
  readonly passwords: Passwords;
  readonly tokens: SessionTokens;
  readonly mailer: Mailer;
  readonly limits: Limits;
}

export function openContext(config: UserConfig, wiring: Wiring): UserContext {
  const { clock } = wiring;
  const log = openLog('user', config.LOG_LEVEL);
  const db = openDatabase<UserSchema>({
    url: config.DATABASE_URL,
    poolSizeMax: config.DATABASE_POOL_MAX,
    onIdleError: (error) => log.warn({ err: error }, 'database connection lost'),
  });
  const jobs = new Jobs({ databaseUrl: config.DATABASE_URL, log });
  const outbox = new Outbox({ jobs, clock, publications });
  const peers = wiring.peers(createServiceSigner('user', config.SERVICE_PRIVATE_KEY, clock));
  const tokens = new SessionTokens({ privateKey: config.SERVICE_PRIVATE_KEY, clock });
  const mailer = openMailer({ url: config.MAIL_URL, from: config.MAIL_FROM, clock });
  const passwords = new Passwords();
  return { config, clock, log, db, jobs, outbox, peers, passwords, tokens, mailer, limits: openLimits() };
}

import { type Env, parseEnv } from '@kilas/platform/process/env.ts';
import { serviceEnv } from '@kilas/platform/service/service-config.ts';
import { isPublicAddress } from '@kilas/platform/values/public-address.ts';
import { z } from 'zod';

export const sandboxWebhookPath = '/v1/payments/sandbox/webhook';

const seconds = z.coerce.number().int();

export const transactionEnv = serviceEnv.extend({
  /** Named, never assumed: with the sandbox everybody pays with play money. */
  PAYMENT_PROVIDER: z.enum(['sandbox']),
  /** `true`: strangers may take originals for play money, as in a demonstration; else the sandbox is refused where they come. */
  SANDBOX_ALLOWED: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
  /** Signs what the sandbox tells us; known to both sides. */
  SANDBOX_WEBHOOK_KEY: z.string().min(32),
  /** Where the sandbox sends its notifications; by default the public address of the webhook. */
  SANDBOX_WEBHOOK_URL: z.url().optional(),
  /** The platform's part of every sale, in whole percent. */
  COMMISSION_PERCENT: z.coerce.number().int().min(0).max(100).default(20),
  /** How long an order waits for its payment. */
  ORDER_LIFETIME_SECONDS: seconds.min(1).max(86_400).default(900),
  /** How long after its end an order still takes money that is on its way. */
  LATE_GRACE_SECONDS: seconds.min(0).max(86_400).default(300),
  ORDER_PHOTOS_MAX: z.coerce.number().int().min(1).max(1000).default(200),
});

export type TransactionConfig = Omit<z.output<typeof transactionEnv>, 'SANDBOX_WEBHOOK_URL'> & {
  readonly SANDBOX_WEBHOOK_URL: string;
};

/** Throws one ConfigError that lists every problem. */
export function readConfig(env: Env): TransactionConfig {
  const isOpenToStrangers = isPublicAddress(env.PUBLIC_URL);
  const PAYMENT_PROVIDER = transactionEnv.shape.PAYMENT_PROVIDER.refine(
    (provider) => !(isOpenToStrangers && provider === 'sandbox' && env.SANDBOX_ALLOWED !== 'true'),
    'the sandbox gives originals away for play money, and strangers come where PUBLIC_URL is https: SANDBOX_ALLOWED=true says that this is wanted',
  );
  const config = parseEnv(transactionEnv.extend({ PAYMENT_PROVIDER }), env);
  return { ...config, SANDBOX_WEBHOOK_URL: config.SANDBOX_WEBHOOK_URL ?? `${config.PUBLIC_URL}${sandboxWebhookPath}` };
}

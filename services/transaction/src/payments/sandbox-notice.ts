import type { JobKind } from '@kilas/platform/jobs/job-kinds.ts';
import { isWithinBounds, wholeNumber } from '@kilas/platform/values/bounds.ts';
import { z } from 'zod';

/** What the sandbox tells the shop, as it stands in the body of the notification. */
export const sandboxNotice = z.object({
  noticeId: z.uuid(),
  type: z.enum(['payment.paid', 'payment.declined']),
  paymentId: z.uuid(),
  orderId: z.uuid(),
  amount: wholeNumber(1),
  currency: z.string().length(3),
  /** When it was paid or declined. */
  occurredAt: z.iso.datetime().refine((text) => isWithinBounds(new Date(text))),
});

export type SandboxNotice = z.output<typeof sandboxNotice>;

/** Tried for about a day. */
export const deliverSandboxNotice: JobKind<SandboxNotice> = {
  name: 'deliver-sandbox-notice',
  data: sandboxNotice,
  retryCountMax: 300,
  retryDelaySeconds: 1,
  retryDelayMaxSeconds: 300,
  timeoutSeconds: 30,
};

import { Code } from '@connectrpc/connect';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';

const passingCodes = new Set([Code.Unavailable, Code.ResourceExhausted, Code.Aborted, Code.DeadlineExceeded]);

/** Why another service said no for good; undefined when it is away or busy, or for an error that nobody expected. */
export function finalReason(error: unknown): string | undefined {
  const refusal = refusalOf(error);
  return refusal === undefined || passingCodes.has(refusal.code) ? undefined : refusal.reason;
}

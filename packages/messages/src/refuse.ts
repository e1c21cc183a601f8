import type { ConnectError } from '@connectrpc/connect';
import { refusalError } from '@kilas/platform/problems/refusal.ts';
import { problems, type Reason } from './problems.ts';

/** Ends the operation with an expected error; `params` fill the `{names}` of its text. */
export function refuse(reason: Reason, params: Readonly<Record<string, string>> = {}): never {
  throw refusal(reason, params);
}

/** The error that `refuse` throws, for where it must be a value. */
export function refusal(reason: Reason, params: Readonly<Record<string, string>> = {}): ConnectError {
  return refusalError(problems[reason].code, reason, params);
}

import { ConnectError } from '@connectrpc/connect';
import { refusalOf } from '../problems/refusal.ts';
import { codeNameOf } from './rpc-code.ts';

/** A stable name of what went wrong, for spans: the reason of a refusal, a gRPC code, the name of an error's class. */
export function errorTypeOf(error: unknown): string {
  const refusal = refusalOf(error);
  if (refusal !== undefined) return refusal.reason;
  if (error instanceof ConnectError) return codeNameOf(error);
  return error instanceof Error ? error.name : 'unknown';
}

/** For counts: the reason of a refusal, or `error` for what nobody expected. */
export function refusalNameOf(error: unknown): string {
  return refusalOf(error)?.reason ?? 'error';
}

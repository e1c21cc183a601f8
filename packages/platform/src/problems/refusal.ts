import { type Code, ConnectError } from '@connectrpc/connect';
import { RefusalSchema } from '@kilas/contracts/gen/kilas/platform/v1/refusal_pb.js';

/** An expected error: `reason` is stable and becomes the code of a problem document. */
export interface Refusal {
  readonly code: Code;
  readonly reason: string;
  readonly params: Readonly<Record<string, string>>;
}

/** A ConnectError with a typed detail, since an error class of our own would arrive as Unknown on the other side. */
export function refusalError(code: Code, reason: string, params: Readonly<Record<string, string>> = {}): ConnectError {
  return new ConnectError(reason, code, undefined, [{ desc: RefusalSchema, value: { reason, params } }]);
}

/** The refusal that an error carries, whether it was thrown here or by another service; undefined for anything else. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof ConnectError)) return undefined;
  const detail = error.findDetails(RefusalSchema)[0];
  if (detail === undefined) return undefined;
  return { code: error.code, reason: detail.reason, params: detail.params };
}

/**
 * How a call came to nothing. `unsent`: the request surely never reached a handler; `lost`: the connection broke or fell silent
 * under it, and whether it was done nobody knows; `answered`: the other side said so.
 */
export type CallFailure = 'unsent' | 'lost' | 'answered';

const failures = new WeakMap<object, CallFailure>();

export function noteFailure<Failed extends object>(error: Failed, failure: CallFailure): Failed {
  failures.set(error, failure);
  return error;
}

/** What was noted of an error or of what caused it. */
export function notedFailure(error: unknown): CallFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  return failures.get(error) ?? notedFailure(error.cause);
}

export function failureOf(error: unknown): CallFailure {
  return notedFailure(error) ?? 'answered';
}

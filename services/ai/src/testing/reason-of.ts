import { refusalOf } from '@kilas/platform/problems/refusal.ts';

/** Why a call was refused; undefined when it was not, the error's text when it failed otherwise. */
export function reasonOf(call: Promise<unknown>): Promise<string | undefined> {
  return call.then(
    () => undefined,
    (error: unknown) => refusalOf(error)?.reason ?? String(error),
  );
}

import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;

export interface WaitOptions {
  /** What is waited for, for the error: "the photo to be published". */
  readonly what: string;
  readonly timeoutMs?: number;
}

/** Asks again until the answer is truthy, and returns it; throws with `what` when that takes too long. */
export async function waitFor<Value>(
  condition: () => Value | Promise<Value>,
  { what, timeoutMs = 25_000 }: WaitOptions,
): Promise<Exclude<Value, undefined | null | false | 0 | ''>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (isTruthy(value)) return value;
    if (Date.now() >= deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await delay(POLL_MS);
  }
}

function isTruthy<Value>(value: Value): value is Exclude<Value, undefined | null | false | 0 | ''> {
  return Boolean(value);
}

import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  /** What is waited for, for the error: "the photo to be published". */
  readonly what: string;
  readonly timeoutMs?: number;
  /** From one question to the next; longer where many would disturb what is measured. */
  readonly everyMs?: number;
}

/** Asks again until the answer is truthy, and returns it; throws with `what` when that takes too long. */
export async function waitFor<Value>(
  condition: () => Value | Promise<Value>,
  { what, timeoutMs = 25_000, everyMs = 20 }: WaitOptions,
): Promise<Exclude<Value, undefined | null | false | 0 | ''>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (isTruthy(value)) return value;
    if (Date.now() >= deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await delay(everyMs);
  }
}

function isTruthy<Value>(value: Value): value is Exclude<Value, undefined | null | false | 0 | ''> {
  return Boolean(value);
}

import { z } from 'zod';

const failure = z.looseObject({
  name: z.string().optional(),
  code: z.union([z.string(), z.number()]).optional(),
  stack: z.string().optional(),
});

/** Where something of ours stands in a stack. */
const place = /\b(?:services|packages|apps)\/[\w./-]+\.ts:\d+/;
/** Names of classes and codes; anything else may be a sentence, with a person in it. */
const word = /^[\w.-]{1,60}$/;

/**
 * What a job ended with, as pg-boss keeps it, without an error's own words, which may hold what is personal: its class, code and
 * the line of ours that it came from.
 */
export function causeOf(output: unknown): string {
  const { data } = failure.safeParse(output);
  const parts = [data?.name ?? 'unknown', data?.code === undefined ? '' : String(data.code)].filter((part) =>
    word.test(part),
  );
  const [line] = place.exec(data?.stack ?? '') ?? [];
  return [...(parts.length === 0 ? ['unknown'] : parts), ...(line === undefined ? [] : [`at ${line}`])].join(' ');
}

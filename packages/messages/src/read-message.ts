import type { z } from 'zod';
import { refuse } from './refuse.ts';

/** What another service sent, checked before it meets the database; refuses with REQUEST_INVALID. */
export function readMessage<Schema extends z.ZodType>(schema: Schema, message: unknown): z.output<Schema> {
  const result = schema.safeParse(message);
  return result.success ? result.data : refuse('REQUEST_INVALID');
}

import { z } from 'zod';

export type Env = Readonly<Record<string, string | undefined>>;

/** Thrown when the environment does not fit; its message lists every problem, one a line. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`The configuration does not fit:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Reads environment variables through a schema whose keys are their names; an empty variable counts as absent. */
export function parseEnv<Schema extends z.ZodType<object>>(schema: Schema, env: Env): z.output<Schema> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(present);
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
}

/** "a=1,b=2" as a record. */
export const pairs = z.string().transform((text, ctx) => {
  const record: Record<string, string> = {};
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    if (at < 1) {
      ctx.addIssue({ code: 'custom', message: `expected name=value, got "${part}"` });
      return z.NEVER;
    }
    record[part.slice(0, at).trim()] = part.slice(at + 1).trim();
  }
  return record;
});

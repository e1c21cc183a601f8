import { z } from 'zod';

const unitsMs: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A duration as Go writes them, "1m30s", in milliseconds; undefined when it is none. */
export function parseDurationMs(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ns|us|ms|s|m|h))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)/g);
  return [...parts].reduce((sum, [, count, unit = '']) => sum + Number(count) * (unitsMs[unit] ?? 0), 0);
}

const duration = z.string().transform((text, ctx): number => {
  const ms = parseDurationMs(text);
  if (ms !== undefined) return ms;
  ctx.addIssue({ code: 'custom', message: `"${text}" is not a duration` });
  return z.NEVER;
});

const check = z
  .object({
    CheckID: z.string().default(''),
    Name: z.string().default(''),
    HTTP: z.url().optional(),
    /** `host:port`, or `host:port/service`. */
    GRPC: z.string().optional(),
    Interval: duration,
    Timeout: duration.default(10_000),
    DeregisterCriticalServiceAfter: duration.optional(),
    Status: z.enum(['passing', 'warning', 'critical']).default('critical'),
    FailuresBeforeCritical: z.int().min(0).default(0),
    SuccessBeforePassing: z.int().min(0).default(0),
  })
  .refine(({ HTTP, GRPC }) => (HTTP === undefined) !== (GRPC === undefined), 'HTTP or GRPC, one of them');

export type CheckDefinition = z.output<typeof check>;

/** What `PUT /v1/agent/service/register` takes, as far as the stand-in knows it; the rest is left out. */
export const registration = z
  .object({
    ID: z.string().optional(),
    Name: z.string().min(1),
    Address: z.string().default(''),
    Port: z.int().min(0).max(65_535).default(0),
    Tags: z.array(z.string()).default([]),
    Meta: z.record(z.string(), z.string()).default({}),
    Check: check.optional(),
    Checks: z.array(check).default([]),
  })
  .transform(({ ID, Check, Checks, ...rest }) => ({
    ...rest,
    ID: ID ?? rest.Name,
    Checks: Check === undefined ? Checks : [Check, ...Checks],
  }));

export type Registration = z.output<typeof registration>;

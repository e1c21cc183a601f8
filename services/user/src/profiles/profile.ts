import { locales } from '@kilas/platform/problems/problem.ts';
import { z } from 'zod';

export const matchLevel = z.number().int().min(1).max(9).nullable();

/** What a member sees of their own account. */
export const profile = z.object({
  accountId: z.guid(),
  username: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  roles: z.array(z.string()).describe('"creator" when they are one'),
  creator: z.object({ displayName: z.string(), joinedAt: z.iso.datetime() }).nullable(),
  matchLevel: matchLevel.describe(
    '1 (loosest) to 9 (strictest); null leaves it to the default. By it I see, find and buy what shows me by a match; a photo in a list of mine stays',
  ),
  locale: z.enum(locales),
  timeZone: z
    .string()
    .describe('In which the clock of my camera is read, where neither the file nor an event says it; an IANA name'),
  consent: z.object({
    isGiven: z.boolean(),
    epoch: z.number().int().describe('0 when there is no consent in force'),
    version: z.string().nullable(),
    givenAt: z.iso.datetime().nullable(),
  }),
  createdAt: z.iso.datetime(),
});

export type Profile = z.output<typeof profile>;

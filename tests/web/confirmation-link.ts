import { until } from '@kilas/client/journey/people.ts';
import { z } from 'zod';
import type { Site } from './open-site.ts';

const mails = z.object({ items: z.array(z.object({ text: z.string() })) });

/** The link of the mail that asks for a confirmation of the address. */
export function confirmationLink(site: Site, email: string): Promise<string> {
  return until(`the mail to ${email}`, 30_000, async () => {
    const answer = await site.api.follow(`/dev/mail.json?to=${encodeURIComponent(email)}`);
    const texts = mails.parse(await answer.json()).items.map(({ text }) => text);
    return texts
      .map((text) => /https?:\S+\/confirm\?token=[\w-]+/.exec(text)?.[0])
      .find((found) => found !== undefined);
  });
}

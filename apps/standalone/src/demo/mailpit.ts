import { z } from 'zod';

const found = z.object({ messages: z.array(z.object({ ID: z.string() })) });
const message = z.object({ Text: z.string() });

/** Reads mails that Mailpit caught, by its API. Throws when it does not answer. */
export function mailpitReader(url: string): (email: string) => Promise<string[]> {
  return async (email) => {
    const { messages } = found.parse(await read(`${url}/api/v1/search?query=${encodeURIComponent(`to:"${email}"`)}`));
    const texts = messages.map(async ({ ID: id }) => message.parse(await read(`${url}/api/v1/message/${id}`)).Text);
    return Promise.all(texts);
  };
}

async function read(url: string): Promise<unknown> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`);
  return response.json();
}

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type ApiClient, answerOf } from '../api-client.ts';

const mails = z.object({ items: z.array(z.object({ text: z.string() })) });

/** How a person signs in. */
export interface Credentials {
  readonly login: string;
  readonly password: string;
}

/** Registers, opens the link of the mail that was sent, and signs in. */
export async function register(api: ApiClient, name: string): Promise<ApiClient> {
  return (await registerWithPassword(api, name)).client;
}

/** As `register`, for who signs in again elsewhere. */
export async function registerWithPassword(
  api: ApiClient,
  name: string,
): Promise<{ client: ApiClient; credentials: Credentials }> {
  const username = `${name}_${randomBytes(4).toString('hex')}`;
  const email = `${username}@example.com`;
  const password = randomBytes(12).toString('base64url');
  await api.rest.POST('/v1/auth/register', { body: { email, password, username } });
  const token = await verificationToken(api, email);
  await api.rest.POST('/v1/auth/verify', { body: { token } });
  const { accessToken } = await answerOf(api.rest.POST('/v1/auth/sign-in', { body: { login: email, password } }));
  return { client: api.as(accessToken), credentials: { login: email, password } };
}

export async function becomeCreator(api: ApiClient, displayName: string): Promise<void> {
  await api.rest.POST('/v1/me/creator', { body: { displayName } });
}

export async function giveConsent(api: ApiClient): Promise<void> {
  const { current } = await answerOf(api.rest.GET('/v1/me/consent'));
  await api.rest.PUT('/v1/me/consent', { body: { version: current.version } });
}

async function verificationToken(api: ApiClient, email: string): Promise<string> {
  return until(`the mail to ${email}`, 15_000, async () => {
    const texts = await (api.readMails ?? readOutbox(api))(email);
    return texts
      .map((text) => /\/(?:confirm|verify-email)\?token=([\w-]+)/.exec(text)?.[1])
      .find((token) => token !== undefined);
  });
}

function readOutbox(api: ApiClient) {
  return async (email: string): Promise<string[]> => {
    const response = await api.follow(`/dev/mail.json?to=${encodeURIComponent(email)}`);
    const { items } = mails.parse(await response.json());
    return items.map(({ text }) => text);
  };
}

/** Asks again and again until there is an answer. */
export async function until<T>(what: string, timeoutMs: number, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

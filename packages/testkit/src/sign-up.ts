import { randomBytes, randomInt } from 'node:crypto';
import { z } from 'zod';
import type { TestSystem } from './start-system.ts';
import { waitFor } from './wait-for.ts';

/** Passwords of test members; real ones are as long. */
const password = 'correct horse battery staple';

export interface Member {
  readonly accountId: string;
  readonly email: string;
  readonly username: string;
  readonly password: string;
  /** An access token of ten minutes, by the system's clock. */
  readonly token: string;
  readonly refreshToken: string;
  readonly headers: { readonly authorization: string };
}

export interface SignUpOptions {
  readonly creator?: boolean;
  readonly consent?: boolean;
  readonly displayName?: string;
  /** The name before a few random characters. */
  readonly name?: string;
}

const mailList = z.object({ items: z.array(z.object({ text: z.string() })) });
const signedIn = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  account: z.object({ accountId: z.string() }),
});
const consentStatus = z.object({ current: z.object({ version: z.string() }) });

/**
 * Registers, verifies and signs in a new member through the REST API, each from an address of their own. Mails are jobs:
 * when the jobs of `user` were held, they work afterwards.
 */
export async function signUpMember(
  system: Pick<TestSystem, 'app' | 'service'>,
  options: SignUpOptions = {},
): Promise<Member> {
  const username = `${options.name ?? 'member'}_${randomBytes(5).toString('hex')}`.toLowerCase();
  const email = `${username}@kilas.test`;
  const remoteAddress = `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
  await call(system, 202, {
    method: 'POST',
    url: '/v1/auth/register',
    payload: { email, password, username },
    remoteAddress,
  });
  await system.service('user').work();
  const token = await readVerificationToken(system, email);
  await call(system, 204, { method: 'POST', url: '/v1/auth/verify', payload: { token }, remoteAddress });
  const member = await signIn(system, { login: email, remoteAddress });
  const { headers } = member;
  if (options.creator === true || options.displayName !== undefined) {
    const payload = { displayName: options.displayName ?? `Creator ${username}` };
    await call(system, 200, { method: 'POST', url: '/v1/me/creator', headers, payload });
  }
  if (options.consent === true) {
    const status = consentStatus.parse(await call(system, 200, { method: 'GET', url: '/v1/me/consent', headers }));
    await call(system, 200, {
      method: 'PUT',
      url: '/v1/me/consent',
      headers,
      payload: { version: status.current.version },
    });
  }
  return { ...member, email, username, password };
}

/** The token of the newest link that was mailed to an address; waits for the mail. */
export async function readVerificationToken(system: Pick<TestSystem, 'app'>, email: string): Promise<string> {
  const query = new URLSearchParams({ to: email });
  const findToken = async () => {
    const { items } = mailList.parse(await call(system, 200, { method: 'GET', url: `/dev/mail.json?${query}` }));
    return items.map(({ text }) => /\/confirm\?token=([\w-]+)/.exec(text)?.[1]).find((token) => token !== undefined);
  };
  return waitFor(findToken, { what: `a verification mail to ${email}`, timeoutMs: 20_000 });
}

async function signIn(system: Pick<TestSystem, 'app'>, input: { login: string; remoteAddress: string }) {
  const payload = { login: input.login, password };
  const { remoteAddress } = input;
  const answer = signedIn.parse(
    await call(system, 200, { method: 'POST', url: '/v1/auth/sign-in', payload, remoteAddress }),
  );
  return {
    accountId: answer.account.accountId,
    token: answer.accessToken,
    refreshToken: answer.refreshToken,
    headers: { authorization: `Bearer ${answer.accessToken}` },
  };
}

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly payload?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly remoteAddress?: string;
}

async function call(system: Pick<TestSystem, 'app'>, status: number, request: Call): Promise<unknown> {
  const response = await system.app.inject(request);
  if (response.statusCode !== status) {
    throw new Error(`${request.method} ${request.url} answered ${response.statusCode}: ${response.body}`);
  }
  return response.body === '' ? undefined : response.json();
}

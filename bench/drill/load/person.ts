import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Client, Request } from './client.ts';

/** Access tokens live ten minutes. */
const tokenUsedMaxMs = 5 * 60_000;
const mailWaitMaxMs = 60_000;

const session = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  account: z.object({ accountId: z.string() }),
});
const mails = z.object({ items: z.array(z.object({ text: z.string() })) });
const consentText = z.object({ current: z.object({ version: z.string() }) });

interface Session {
  readonly accountId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly since: number;
}

/** One member: signs up, signs in, and keeps their session alive. */
export class Person {
  readonly name: string;
  readonly email: string;
  readonly #client: Client;
  readonly #password = randomBytes(12).toString('base64url');
  #session: Session | undefined;
  #renewal: Promise<void> | undefined;

  constructor(client: Client, name: string) {
    this.#client = client;
    this.name = `${name}_${randomBytes(4).toString('hex')}`;
    this.email = `${this.name}@example.com`;
  }

  get accountId(): string {
    if (this.#session === undefined) throw new Error(`${this.name} has not signed in`);
    return this.#session.accountId;
  }

  /** False when a step failed twice. Registering again is harmless, so each step is simply repeated by the client. */
  async signUp(): Promise<boolean> {
    const json = { email: this.email, password: this.#password, username: this.name };
    const registered = await this.#client.send({
      route: 'register',
      method: 'POST',
      path: '/v1/auth/register',
      json,
      expect: [202],
    });
    if (registered === undefined) return false;
    const token = await this.#readMail();
    if (token === undefined) return false;
    const verify: Request = {
      route: 'verify',
      method: 'POST',
      path: '/v1/auth/verify',
      json: { token },
      expect: [204],
    };
    if ((await this.#client.send(verify)) === undefined) return false;
    return this.#signIn();
  }

  async #readMail(): Promise<string | undefined> {
    const deadline = performance.now() + mailWaitMaxMs;
    while (performance.now() < deadline) {
      const path = `/dev/mail.json?to=${encodeURIComponent(this.email)}`;
      const list = await this.#client.call({ route: 'mail', path }, mails);
      const token = list?.items.map(({ text }) => /\/confirm\?token=([\w-]+)/.exec(text)?.[1]).find(Boolean);
      if (token !== undefined) return token;
      await delay(500);
    }
    return undefined;
  }

  async #signIn(): Promise<boolean> {
    const json = { login: this.email, password: this.#password };
    return this.#open(
      await this.#client.call({ route: 'sign-in', method: 'POST', path: '/v1/auth/sign-in', json }, session),
    );
  }

  #open(answer: z.output<typeof session> | undefined): boolean {
    if (answer === undefined) return false;
    const { accessToken, refreshToken, account } = answer;
    this.#session = { accountId: account.accountId, accessToken, refreshToken, since: performance.now() };
    return true;
  }

  /** Exchanged well before it ends, so that a failed exchange can wait for the next request. */
  async token(): Promise<string> {
    if (this.#session === undefined) throw new Error(`${this.name} has not signed in`);
    if (performance.now() - this.#session.since > tokenUsedMaxMs) {
      this.#renewal ??= this.#renew().finally(() => {
        this.#renewal = undefined;
      });
      await this.#renewal;
    }
    return this.#session.accessToken;
  }

  async #renew(): Promise<void> {
    const json = { refreshToken: this.#session?.refreshToken };
    const answer = await this.#client.call(
      { route: 'refresh', method: 'POST', path: '/v1/auth/refresh', json },
      session,
    );
    // An answer that was lost for longer than the server remembers it has ended the session.
    if (!this.#open(answer)) await this.#signIn();
  }

  /** Sends as this person. */
  async send(request: Request) {
    return this.#client.send({ ...request, token: await this.token() });
  }

  async call<Schema extends z.ZodType>(request: Request, reply: Schema) {
    return this.#client.call({ ...request, token: await this.token() }, reply);
  }

  async becomeCreator(displayName: string): Promise<boolean> {
    const json = { displayName };
    return (await this.send({ route: 'creator', method: 'POST', path: '/v1/me/creator', json })) !== undefined;
  }

  async giveConsent(): Promise<boolean> {
    const status = await this.call({ route: 'consent', path: '/v1/me/consent' }, consentText);
    if (status === undefined) return false;
    const json = { version: status.current.version };
    return (await this.send({ route: 'consent', method: 'PUT', path: '/v1/me/consent', json })) !== undefined;
  }

  /** The receipt's id; undefined when it is not known whether it happened. */
  async withdrawConsent(): Promise<string | undefined> {
    const request: Request = { route: 'consent', method: 'DELETE', path: '/v1/me/consent', expect: [202] };
    return (await this.call(request, z.object({ receiptId: z.string() })))?.receiptId;
  }
}

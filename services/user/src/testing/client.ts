import { newId } from '@kilas/platform/process/ids.ts';
import type { TestSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { z } from 'zod';

export const password = 'correct horse battery staple';

const mails = z.object({
  items: z.array(z.object({ to: z.string(), subject: z.string(), text: z.string(), html: z.string() })),
});

export function newName(): string {
  return `m_${newId().replaceAll('-', '').slice(-20)}`;
}

export function register(
  system: TestSystem,
  account: { email: string; username: string; password?: string; locale?: string },
  remoteAddress = '127.0.0.1',
) {
  const payload = { password, ...account };
  return system.app.inject({ method: 'POST', url: '/v1/auth/register', payload, remoteAddress });
}

export function verify(system: TestSystem, token: string) {
  return system.app.inject({ method: 'POST', url: '/v1/auth/verify', payload: { token } });
}

export function signIn(system: TestSystem, login: string, given = password, remoteAddress = '127.0.0.1') {
  const payload = { login, password: given };
  return system.app.inject({ method: 'POST', url: '/v1/auth/sign-in', payload, remoteAddress });
}

/** The newest first. */
export async function listMails(system: TestSystem, to: string) {
  const response = await system.app.inject({ url: `/dev/mail.json?${new URLSearchParams({ to })}` });
  return mails.parse(response.json()).items;
}

export async function waitForMails(system: TestSystem, to: string, count: number) {
  return waitFor(
    async () => {
      const items = await listMails(system, to);
      return items.length >= count ? items : undefined;
    },
    { what: `${count} mails to ${to}` },
  );
}

export function tokenIn(text: string | undefined): string {
  const token = /confirm\?token=([\w-]+)/.exec(text ?? '')?.[1];
  if (token === undefined) throw new Error('the mail holds no link');
  return token;
}

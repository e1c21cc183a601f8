import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newName, register, waitForMails } from '../testing/client.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ services: ['user'] });
});
afterAll(() => system.close());

test('a machine that sends no mail shows it, the newest first, with links to follow', async () => {
  const names = [newName(), newName()];
  for (const name of names) {
    await register(system, { email: `${name}@kilas.test`, username: name });
    await waitForMails(system, `${name}@kilas.test`, 1);
  }
  const page = await system.app.inject({ url: '/dev/mail' });
  expect(page.headers['content-type']).toContain('text/html');
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  expect(page.body).toMatch(/<a href="http:\/\/kilas\.test\/confirm\?token=[\w-]{43}">/);
  expect(page.body.indexOf(names[1] ?? '')).toBeLessThan(page.body.indexOf(names[0] ?? ''));
});

test('what a stranger wrote into an address stays text', async () => {
  const email = `o'hara+${newName()}@kilas.test`;
  const response = await register(system, { email, username: newName() });
  expect(response.statusCode).toBe(202);
  await waitForMails(system, email, 1);
  const page = await system.app.inject({ url: '/dev/mail' });
  expect(page.body).toContain('o&#39;hara+m_');
  expect(page.body).not.toContain("o'hara+m");
});

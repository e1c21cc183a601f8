import { createPrivateKey, createPublicKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { addSeconds } from '../process/clock.ts';
import { createServiceSigner, createServiceVerifier, newServiceKey } from './service-token.ts';

const photo = newServiceKey();
const publicKeys = { photo: createPublicKey(photo.publicKeyPem) };
let now = new Date('2026-05-01T00:00:00Z');
const clock = { now: () => now };
const sign = createServiceSigner('photo', createPrivateKey(photo.privateKeyPem), clock);

test('a token names its service to the service it is meant for, and to no other', async () => {
  const token = await sign('user');
  expect(await createServiceVerifier('user', publicKeys, clock)(token)).toBe('photo');
  expect(await createServiceVerifier('ai', publicKeys, clock)(token)).toBeUndefined();
});

test('a token ends after five minutes, also one that was verified before', async () => {
  now = new Date('2026-05-01T00:00:00Z');
  const verify = createServiceVerifier('user', publicKeys, clock);
  const token = await sign('user');
  expect(await verify(token)).toBe('photo');
  now = new Date('2026-05-01T00:06:00Z');
  expect(await verify(token)).toBeUndefined();
  expect(await sign('user')).not.toBe(token);
});

test.each([-60, -59, 0, 59, 60])(
  'a token is taken through its whole use while the clocks of two machines are %i s apart',
  async (apartSeconds) => {
    now = new Date('2026-05-01T00:00:00Z');
    const others = { now: () => addSeconds(now, apartSeconds) };
    const verify = createServiceVerifier('user', publicKeys, others);
    const token = await createServiceSigner('photo', createPrivateKey(photo.privateKeyPem), clock)('user');
    expect(await verify(token)).toBe('photo');
    // The last moment of its life; also for a process that has not seen it before.
    now = new Date('2026-05-01T00:04:59Z');
    expect(await verify(token)).toBe('photo');
    expect(await createServiceVerifier('user', publicKeys, others)(token)).toBe('photo');
    now = new Date('2026-05-01T00:07:01Z');
    expect(await verify(token)).toBeUndefined();
  },
);

test('a token that names a service with another key, no algorithm or no known issuer is refused', async () => {
  const verify = createServiceVerifier('user', publicKeys, clock);
  const forged = createServiceSigner('photo', createPrivateKey(newServiceKey().privateKeyPem), clock);
  const stranger = createServiceSigner('__proto__', createPrivateKey(photo.privateKeyPem), clock);
  const symmetric = await new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('photo')
    .setAudience('user')
    .setExpirationTime(clock.now().getTime() / 1000 + 60)
    .sign(Buffer.from(photo.publicKeyPem));
  const [, payload] = (await sign('user')).split('.');
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
  for (const token of [await forged('user'), await stranger('user'), symmetric, unsigned, '', 'a.b.c']) {
    expect(await verify(token)).toBeUndefined();
  }
});

test('while a key is exchanged tokens of the old and of the new one are taken, and afterwards those of the new one', async () => {
  const next = newServiceKey();
  const signNext = createServiceSigner('photo', createPrivateKey(next.privateKeyPem), clock);
  const [older, newer] = [createPublicKey(photo.publicKeyPem), createPublicKey(next.publicKeyPem)];
  const during = createServiceVerifier('user', { photo: [older, newer] }, clock);
  expect([await during(await sign('user')), await during(await signNext('user'))]).toEqual(['photo', 'photo']);
  const after = createServiceVerifier('user', { photo: [newer] }, clock);
  expect([await after(await sign('user')), await after(await signNext('user'))]).toEqual([undefined, 'photo']);
});

import { createPrivateKey, createPublicKey } from 'node:crypto';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { newServiceKey } from '@kilas/platform/rpc/service-token.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { expect, test } from 'vitest';
import { SessionTokens } from './session-tokens.ts';

const clock = drivenClock();
const [older, newer] = [newServiceKey(), newServiceKey()];
const tokensOf = (own: typeof older, others: (typeof older)[] = []) =>
  new SessionTokens({
    privateKey: createPrivateKey(own.privateKeyPem),
    otherKeys: others.map(({ publicKeyPem }) => createPublicKey(publicKeyPem)),
    clock,
  });
const reasonOf = (reading: Promise<unknown>) =>
  reading.then(
    () => undefined,
    (error) => refusalOf(error)?.reason,
  );

test('while the key is exchanged each replica reads the access tokens of the others', async () => {
  const subject = { accountId: newId(), sessionId: newId() };
  // One replica has the new key already, the other not yet; both know both.
  const [before, after] = [tokensOf(older, [older, newer]), tokensOf(newer, [older, newer])];
  for (const [issuing, reading] of [
    [before, after],
    [after, before],
  ] as const) {
    expect(await reading.readAccess((await issuing.issueAccess(subject)).token)).toMatchObject(subject);
  }
});

test('when the old key is taken away its tokens are refused, and an expired one is called expired', async () => {
  const subject = { accountId: newId(), sessionId: newId() };
  const { token } = await tokensOf(older).issueAccess(subject);
  expect(await reasonOf(tokensOf(newer).readAccess(token))).toBe('TOKEN_INVALID');
  clock.advance(600);
  expect(await reasonOf(tokensOf(newer, [older]).readAccess(token))).toBe('TOKEN_EXPIRED');
});

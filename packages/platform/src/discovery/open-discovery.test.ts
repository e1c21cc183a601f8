import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { openDiscovery } from './open-discovery.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const env = {
  HTTP_PORT: '0',
  RPC_PORT: '0',
  DATABASE_URL: 'postgres://db/user',
  PUBLIC_URL: 'http://kilas.test',
  SERVICE_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  SERVICE_PUBLIC_KEYS: '{}',
};

test('without Consul the services are where PEERS says, several addresses of one included', () => {
  const discovery = openDiscovery({ ...env, PEERS: 'user=http://a:1|http://b:1,photo=http://c:2' });
  expect(discovery.replicasOf('user').replicas.map(({ url }) => url)).toEqual(['http://a:1', 'http://b:1']);
  expect(discovery.parts()).toEqual({});
  expect(discovery.presenceOf('ai')).toEqual({ drainDelayMs: 0 });
  expect(() => discovery.replicasOf('ai')).toThrow('no address is configured for the service ai');
});

test('a configuration that does not fit is refused with every problem', () => {
  const wrong = { PEERS: 'user=a:1', CONSUL_URL: 'consul:8500', REPLICA_ID: 'a b', DRAIN_DELAY_MS: '-1' };
  expect(() => openDiscovery({ ...env, ...wrong })).toThrow(
    /PEERS: .*\n.*CONSUL_URL: .*\n.*REPLICA_ID: .*\n.*DRAIN_DELAY_MS: /,
  );
});

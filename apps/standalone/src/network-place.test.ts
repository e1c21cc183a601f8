import { UserError } from '@kilas/cli/user-error.ts';
import { expect, test } from 'vitest';
import { networkPlaceOf, readHost } from './network-place.ts';

const common = { netmask: '', mac: '', cidr: null };
const v4 = (address: string, internal = false) => ({ ...common, address, internal, family: 'IPv4' as const });
const v6 = (address: string, internal = false) => ({
  ...common,
  address,
  internal,
  family: 'IPv6' as const,
  scopeid: 0,
});
const laptop = {
  lo: [v4('127.0.0.1', true), v6('::1', true)],
  wlan: [v6('fe80::1'), v6('2001:db8::5'), v4('192.168.1.5')],
  wire: [v4('10.0.0.7'), v4('169.254.3.3')],
};

test('without a network of its own everything leads to this machine', () => {
  const { lo } = laptop;
  expect(networkPlaceOf('localhost', 3000, { lo })).toEqual({
    ...{ listenHost: 'localhost', publicUrl: 'http://localhost:3000', ownUrl: 'http://localhost:3000' },
    ...{ alsoUrls: [], isOpen: false },
  });
  expect(networkPlaceOf('0.0.0.0', 3000, { lo })).toMatchObject({ publicUrl: 'http://localhost:3000', alsoUrls: [] });
});

test('open to the network, links lead to an address that a phone reaches; the others are told', () => {
  expect(networkPlaceOf('0.0.0.0', 3000, laptop)).toEqual({
    ...{ listenHost: '0.0.0.0', publicUrl: 'http://192.168.1.5:3000', ownUrl: 'http://localhost:3000', isOpen: true },
    alsoUrls: ['http://10.0.0.7:3000', 'http://localhost:3000'],
  });
  const both = networkPlaceOf('::', 3000, laptop).alsoUrls;
  expect(both).toContain('http://[2001:db8::5]:3000');
});

test('one address of several is the only one', () => {
  const one = { publicUrl: 'http://10.0.0.7:80', ownUrl: 'http://10.0.0.7:80', alsoUrls: [], isOpen: true };
  expect(networkPlaceOf('10.0.0.7', 80, laptop)).toMatchObject(one);
  expect(networkPlaceOf('127.0.0.2', 80, laptop).isOpen).toBe(false);
});

test.each(['localhost', '0.0.0.0', '::', '::1', '127.0.0.1', '127.0.0.2', '10.0.0.7', '2001:db8::5'])(
  '--host takes %s',
  (host) => expect(readHost(host, laptop)).toBe(host),
);

test.each(['', '*', 'photos.example', '10.0.0.8', '192.168.1.5:3000', 'http://10.0.0.7', '0', '10.7'])(
  '--host does not take "%s", and says which there are',
  (host) => {
    expect(() => readHost(host, laptop)).toThrow(UserError);
    expect(() => readHost(host, laptop)).toThrow('192.168.1.5, 10.0.0.7');
  },
);

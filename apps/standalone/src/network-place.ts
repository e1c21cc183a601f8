import { isIP, isIPv6 } from 'node:net';
import os from 'node:os';
import { UserError } from '@kilas/cli/user-error.ts';

type Interfaces = ReturnType<typeof os.networkInterfaces>;

/** Where an installation listens, and the addresses at which it is reached. */
export interface NetworkPlace {
  readonly listenHost: string;
  /** To which links of mails, pictures and payments lead. */
  readonly publicUrl: string;
  /** The other addresses that lead here. */
  readonly alsoUrls: readonly string[];
  /** At which this machine itself always comes here. */
  readonly ownUrl: string;
  /** Whether other machines come here. */
  readonly isOpen: boolean;
}

const everywhere = ['0.0.0.0', '::'];

/** The value of --host; throws a UserError for what is no address of this machine. */
export function readHost(text: string, interfaces: Interfaces = os.networkInterfaces()): string {
  const isOurs =
    text === 'localhost' ||
    everywhere.includes(text) ||
    /^127(\.\d+){3}$/.test(text) ||
    addressesOf(interfaces, { isInternal: true }).includes(text);
  if (isIP(text) !== 0 ? isOurs : text === 'localhost') return text;
  const own = addressesOf(interfaces, { isInternal: false });
  const others = own.length === 0 ? '' : ` (${own.join(', ')})`;
  throw new UserError(
    `"${text}" is no address of this machine: --host takes one of its own${others}, or 0.0.0.0 for all of them.`,
  );
}

/** Of a host that `readHost` let through. */
export function networkPlaceOf(
  host: string,
  port: number,
  interfaces: Interfaces = os.networkInterfaces(),
): NetworkPlace {
  const urlOf = (name: string) => `http://${isIPv6(name) ? `[${name}]` : name}:${port}`;
  const local = urlOf('localhost');
  if (!everywhere.includes(host)) {
    const isOpen = host !== 'localhost' && !host.startsWith('127.') && host !== '::1';
    return { listenHost: host, publicUrl: urlOf(host), alsoUrls: [], ownUrl: urlOf(host), isOpen };
  }
  const own = addressesOf(interfaces, { isInternal: false }).filter((address) => host === '::' || !isIPv6(address));
  const [publicUrl = local, ...others] = own.map(urlOf);
  const alsoUrls = publicUrl === local ? [] : [...others, local];
  return { listenHost: host, publicUrl, alsoUrls, ownUrl: local, isOpen: true };
}

/** IPv4 first, which every phone speaks; none that means something on one wire alone. */
function addressesOf(interfaces: Interfaces, { isInternal }: { isInternal: boolean }): string[] {
  const all = Object.values(interfaces).flatMap((list) => list ?? []);
  const usable = all.filter(
    ({ internal, address }) => (isInternal || !internal) && !/^(fe80:|169\.254\.)/i.test(address),
  );
  const [v4, v6] = ['IPv4', 'IPv6'].map((kind) => usable.filter(({ family }) => family === kind));
  return [...(v4 ?? []), ...(v6 ?? [])].map(({ address }) => address);
}

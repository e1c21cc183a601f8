import { isIP } from 'node:net';

/** Stands among the names for all that there are: where a proxy in front judges the Host of each request. */
export const anyName = '*';

/**
 * Tells by its Host header whether a request is meant for us: by an address, as `localhost`, or by one of these names, each with any port. A
 * page of a foreign site whose name was made to lead here (DNS rebinding) is betrayed by that name, while an address as Host is the one that the
 * browser connected to. Without Host, as health checks by HTTP/1.0 come, it is no browser's.
 */
export function ownHosts(names: readonly string[] = []): (host: string | undefined) => boolean {
  const own = new Set(['localhost', ...names.map((name) => name.toLowerCase())]);
  if (own.has(anyName)) return () => true;
  return (host) => {
    if (host === undefined) return true;
    const name = /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(host)?.[1]?.toLowerCase() ?? '';
    return own.has(name) || isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0;
  };
}

/** The names in addresses of ours, as a Host header would spell them; what is no address has none. */
export function namesIn(urls: readonly (string | undefined)[]): string[] {
  return urls.flatMap((url) => (url !== undefined && URL.canParse(url) ? [new URL(url).hostname] : []));
}

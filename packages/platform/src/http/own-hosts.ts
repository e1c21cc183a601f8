import { isIP } from 'node:net';

/** Stands among the names for all that there are: where a proxy in front judges the Host of each request. */
export const anyName = '*';

/**
 * Tells by its Host header whether a request is meant for us: by an address, as `localhost`, or by one of these names, each with any port. A
 * foreign site can point its own name here (DNS rebinding); then the browser sends that name as Host. An address as Host is the address to which the
 * browser connected. A request without Host, such as a health check by HTTP/1.0, comes from no browser.
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

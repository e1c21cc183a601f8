/** What the proxy's provider is told to look for: `providers.consulCatalog.prefix`. */
const prefix = 'kilas';

/**
 * Tags by which Traefik (v3, Consul catalogue) sends a service's addresses to its replicas: to their HTTP port, since the
 * registered one speaks gRPC.
 */
export function proxyTags(presence: {
  readonly service: string;
  readonly httpPort: number;
  readonly prefixes: readonly string[];
}): string[] {
  const name = `kilas-${presence.service}`;
  const rule = presence.prefixes.map((path) => `Path(\`${path}\`) || PathPrefix(\`${path}/\`)`).join(' || ');
  if (rule === '') return [];
  return [
    `${prefix}.enable=true`,
    `${prefix}.http.routers.${name}.rule=${rule}`,
    `${prefix}.http.services.${name}.loadbalancer.server.port=${presence.httpPort}`,
  ];
}

/** What a route's address begins with: `/v1/things/:id` with `/v1/things`, `/verify-email` with itself. */
export function routePrefixOf(url: string): string {
  const [first = '', second] = url.split('/').slice(1);
  return first === 'v1' && second !== undefined ? `/v1/${second}` : `/${first}`;
}

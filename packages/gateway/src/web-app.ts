import path from 'node:path';
import staticFiles from '@fastify/static';
import { urlMap } from '@kilas/installation/url-map.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';

/** Addresses beside the services' at which no page of the app stands. */
const notPages = ['/v1', '/docs', '/openapi.json', '/healthz', '/readyz', '/trafficz', '/metrics', '/assets'];
const apiPrefixes = [...urlMap.map(({ prefix }) => prefix), ...notPages];

const yearSeconds = 365 * 24 * 60 * 60;

export interface WebAppOptions {
  /** The built app. */
  readonly folder: string;
  /** Where photos come from beside the own origin: "https://objects.example". */
  readonly storageOrigins?: readonly string[];
}

/**
 * Serves the web app at `/`: its files, which never change under their names, and at every other address that is not of the API the one
 * page, which finds out itself what to show.
 */
export async function registerWebApp(app: HttpApp, { folder, storageOrigins = [] }: WebAppOptions): Promise<void> {
  const policy = contentPolicy(storageOrigins);
  await app.register(staticFiles, {
    root: folder,
    wildcard: false,
    index: false,
    preCompressed: true,
    cacheControl: false,
    globIgnore: ['**/*.{br,gz}', '.vite/**'],
    setHeaders: (reply, file) => {
      reply.header('x-content-type-options', 'nosniff');
      reply.header('referrer-policy', 'no-referrer');
      if (path.dirname(file) === path.join(folder, 'assets')) {
        reply.header('cache-control', `public, max-age=${yearSeconds}, immutable`);
        return;
      }
      // Asked for again each time, and mostly answered with 304.
      reply.header('cache-control', 'no-cache');
      reply.header('content-security-policy', policy);
      reply.header('x-frame-options', 'DENY');
      reply.header('permissions-policy', 'camera=(self), microphone=(), geolocation=(), payment=()');
    },
  });
  app.get('/*', { schema: { hide: true } }, async (request, reply) => {
    const [pathname = '/'] = request.url.split('?');
    const isApi = apiPrefixes.some((prefix) => pathname === prefix || pathname.startsWith(`${prefix}/`));
    if (isApi) return reply.callNotFound();
    return reply.sendFile('index.html');
  });
}

/** Scripts and styles are files of ours; nothing comes from anybody else. */
export function contentPolicy(storageOrigins: readonly string[]): string {
  const storage = storageOrigins.map((origin) => ` ${origin}`).join('');
  return [
    "default-src 'none'",
    // The checksums of uploads run as WebAssembly.
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    `img-src 'self' data: blob:${storage}`,
    "media-src 'self' blob:",
    `connect-src 'self'${storage}`,
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

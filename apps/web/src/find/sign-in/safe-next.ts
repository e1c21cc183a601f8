/**
 * Where to go after signing in: a path of these pages and nothing else, so that a link to the sign-in page cannot lead to another site.
 */
export function safeNext(next: string | undefined, origin = globalThis.location.origin): string {
  if (next === undefined || !next.startsWith('/') || !URL.canParse(next, origin)) return '/';
  const url = new URL(next, origin);
  if (url.origin !== origin || url.pathname === '/sign-in' || url.pathname === '/sign-up') return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}

import type { IncomingMessage } from 'node:http';

/** These servers listen only on the loopback interface. A foreign site that points its name here sends that name as Host. */
const ownHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
/** What a browser says of the page that a request is made for; no page can leave both out. */
const browserHeaders = ['origin', 'sec-fetch-site'];

/** Why a server for our own processes on this machine does not answer a request; undefined where it does. */
export function foreignOf(request: IncomingMessage): string | undefined {
  if (!isOwnHost(request)) return 'this server answers under the names of this machine alone';
  return browserHeaders.some((name) => request.headers[name] !== undefined)
    ? 'this server answers no browser'
    : undefined;
}

/** As `foreignOf` for a server whose signed links browsers follow: these may come from any page, under one of our names. */
export function foreignUnlessLink(request: IncomingMessage): string | undefined {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const isLink = isRead && new URL(request.url ?? '/', 'http://any').searchParams.has('X-Amz-Signature');
  return isLink && isOwnHost(request) ? undefined : foreignOf(request);
}

function isOwnHost({ headers }: IncomingMessage): boolean {
  return ownHost.test(headers.host ?? '');
}

import type { HttpApp } from '@kilas/platform/http/http-app.ts';

export interface Followed {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Follows a link that leads to the API itself without a socket, and any other over one. */
export async function openLink(
  app: HttpApp,
  apiUrl: string,
  link: string,
  { method = 'GET', headers = {} }: { method?: 'GET' | 'HEAD'; headers?: Record<string, string> },
): Promise<Followed> {
  if (link.startsWith(`${apiUrl}/`)) {
    const answer = await app.inject({ method, url: link.slice(apiUrl.length), headers });
    const received = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    return { status: answer.statusCode, headers: Object.fromEntries(received), body: answer.rawPayload };
  }
  const answer = await fetch(link, { method, headers });
  const body = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body };
}

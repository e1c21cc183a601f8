import http from 'node:http';
import type { TestSystem } from '@kilas/testkit/start-system.ts';

export interface FrontDoor {
  /** Where the sandbox reaches the shop over HTTP. */
  readonly webhookUrl: string;
  /** Notifications that came, as they came. */
  readonly received: { readonly headers: http.IncomingHttpHeaders; readonly body: string }[];
  /** While it is shut, every request is answered with 503. */
  isShut: boolean;
  lead(to: Pick<TestSystem, 'app'>): void;
  close(): Promise<void>;
}

/** A real HTTP server that exists before the system does, so that its address can be configured; it hands requests on. */
export async function openFrontDoor(): Promise<FrontDoor> {
  let system: Pick<TestSystem, 'app'> | undefined;
  const received: { headers: http.IncomingHttpHeaders; body: string }[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    received.push({ headers: request.headers, body: body.toString() });
    if (door.isShut || system === undefined) {
      response.writeHead(503).end();
      return;
    }
    const { headers, url = '/' } = request;
    const answer = await system.app.inject({ method: 'POST', url, headers, payload: body });
    response.writeHead(answer.statusCode).end(answer.rawPayload);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  const door: FrontDoor = {
    webhookUrl: `http://127.0.0.1:${address.port}/v1/payments/sandbox/webhook`,
    received,
    isShut: false,
    lead: (to) => {
      system = to;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return door;
}

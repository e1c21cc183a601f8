import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import S3Error from 's3rver/lib/models/error.js';
import { foreignUnlessLink } from '../refuse-browsers.ts';
import { answerError, type S3Answer, S3Front } from './s3-front.ts';

export interface S3Options {
  /** Where the buckets lie; made when it is missing. */
  readonly folder: string;
  /** On the loopback interface; a free one by default. */
  readonly port?: number;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** us-east-1 by default. */
  readonly region?: string;
  /** The time by which links end; that of the machine by default, as for requests always. */
  readonly linkNow?: () => Date;
  /** Certificate and key in PEM, to be served over TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

export interface S3Server {
  /** Without a slash at its end. */
  readonly url: string;
  /** While down, every request is answered 503 SlowDown. */
  answer503(isDown: boolean): void;
  /** Decides on requests before they are judged, for what a storage may do wrong; undefined lets all pass again. */
  interfere(hook: Interference | undefined): void;
  stop(): Promise<void>;
}

/** `lose`: the request is carried out and its answer never arrives. `hang`: nothing happens and nobody answers. */
export type Interference = (request: SeenRequest) => Fault | Promise<Fault>;
export type Fault = S3Answer | 'lose' | 'hang' | undefined;

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/**
 * An S3 server for tests and trials: s3rver behind a front that judges every signature, keeps what is there when asked to
 * (`If-None-Match: *`) and can be told to fail. One account, one process, no limits of its own: nothing to keep photos in.
 */
export async function startS3(options: S3Options): Promise<S3Server> {
  await mkdir(options.folder, { recursive: true });
  const front = new S3Front(options);
  let interference: Interference | undefined;
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const foreign = foreignUnlessLink(request);
    if (foreign !== undefined) return answerError(request, response, new S3Error('AccessDenied', foreign));
    const { method = '', url = '', headers } = request;
    const fault = await interference?.({ method, url, headers });
    if (fault === 'hang') return;
    if (fault === 'lose') hold(response);
    else if (fault !== undefined) return answerError(request, response, new S3Error(fault.code, fault.message));
    await front.handle(request, response);
  };
  const server = options.tls === undefined ? createServer(serve) : createTlsServer(options.tls, serve);
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    answer503: (isDown) => {
      interference = isDown ? () => ({ code: 'SlowDown', message: 'Please reduce your request rate.' }) : undefined;
    },
    interfere: (hook) => {
      interference = hook;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The answer goes nowhere: the connection breaks at its first byte. */
function hold(response: ServerResponse): void {
  response.writeHead = () => {
    response.destroy();
    return response;
  };
  response.end = () => {
    response.destroy();
    return response;
  };
}

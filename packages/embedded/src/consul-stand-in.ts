import { createServer, type Server } from 'node:http';
import { Catalog } from './consul/catalog.ts';
import { httpApi } from './consul/http-api.ts';

export interface ConsulStandInOptions {
  /** Of 127.0.0.1; without it any that is free. */
  readonly port?: number;
  /** The one ACL token that it takes; without it whoever is on this machine and no browser may do anything. */
  readonly token?: string;
  /** Least time before a critical service is taken off, in milliseconds: a minute in Consul. */
  readonly deregisterAfterMinMs?: number;
}

export interface ConsulStandIn {
  readonly url: string;
  /** Gone with all that it knew. */
  stop(): Promise<void>;
  /** Breaks every connection and takes none until it is back; what it knows is kept. */
  away(): Promise<void>;
  back(): Promise<void>;
}

/**
 * An agent that speaks the part of Consul's HTTP API by which services register, are checked and are found, for a machine
 * that has no Consul: one node, nothing kept on disk, no ACLs but one token, no datacenters. No page in a browser is answered.
 */
export async function startConsulStandIn(options: ConsulStandInOptions = {}): Promise<ConsulStandIn> {
  const { port: wanted = 0, token, deregisterAfterMinMs = 60_000 } = options;
  const catalog = new Catalog({ deregisterAfterMinMs });
  let server: Server | undefined;
  let port = wanted;
  const back = async () => {
    if (server !== undefined) return;
    server = createServer(httpApi(catalog, { port: () => port, ...(token === undefined ? {} : { token }) }));
    port = await listen(server, port);
    catalog.resume();
  };
  const away = async () => {
    catalog.pause();
    const leaving = server;
    server = undefined;
    if (leaving === undefined) return;
    const closed = new Promise<void>((resolve) => leaving.close(() => resolve()));
    leaving.closeAllConnections();
    await closed;
  };
  await back();
  return { url: `http://127.0.0.1:${port}`, stop: away, away, back };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

import { connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy {
  /** The database's address through this proxy. */
  readonly url: string;
  /** How often it cut. */
  readonly cutCount: number;
  /** Cuts the next connection on which the client says this, before or after the database has read and answered it. */
  cutAt(words: string, moment: 'before' | 'after'): void;
  close(): void;
}

/** A TCP proxy before a database that loses connections at a chosen moment, as networks do. */
export async function openCuttingProxy(databaseUrl: string): Promise<CuttingProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let cut: { words: string; moment: 'before' | 'after' } | undefined;
  let cutCount = 0;
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    const both = [client, database];
    const end = () => {
      for (const socket of both) socket.destroy();
    };
    let isAnswerCut = false;
    for (const socket of both) sockets.add(socket.on('error', () => {}).on('close', end));
    client.on('data', (data) => {
      if (cut !== undefined && data.includes(cut.words)) {
        const { moment } = cut;
        cut = undefined;
        cutCount += 1;
        if (moment === 'before') return end();
        isAnswerCut = true;
      }
      database.write(data);
    });
    database.on('data', (data) => (isAnswerCut ? end() : client.write(data)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const url = new URL(databaseUrl);
  url.port = String(address.port);
  return {
    url: url.href,
    get cutCount() {
      return cutCount;
    },
    cutAt: (words, moment) => {
      cut = { words, moment };
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

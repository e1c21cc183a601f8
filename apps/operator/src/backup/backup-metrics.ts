import { once } from 'node:events';
import { createServer } from 'node:http';
import { ownHosts } from '@kilas/platform/http/own-hosts.ts';
import { Reading, registry, scrape } from '@kilas/platform/telemetry/metrics.ts';
import { lastBackup } from './nightly.ts';

const lastSuccess = new Reading(
  'kilas_backup_last_success_timestamp_seconds',
  'When the newest whole backup of the folder was finished; 0 when there is none',
);

/** What deploy/compose.yaml calls it, and Prometheus with it. */
const ownName = 'backup';

/** Serves `/metrics`, with the age of what lies in the folder, and `/healthz`; the function returned ends it. */
export async function serveBackupMetrics(folder: string, port: number): Promise<() => Promise<void>> {
  const end = lastSuccess.from('backup', async () => {
    const last = await lastBackup(folder);
    return [{ labels: {}, value: last === undefined ? 0 : last.finishedAt.getTime() / 1000 }];
  });
  const isOwn = ownHosts([ownName]);
  const server = createServer(async (request, response) => {
    request.resume();
    if (!isOwn(request.headers.host)) return response.writeHead(421).end();
    if (request.url === '/healthz') return response.end('ok');
    if (request.url !== '/metrics') return response.writeHead(404).end();
    return response.setHeader('content-type', registry.contentType).end(await scrape());
  });
  server.listen(port);
  await once(server, 'listening');
  return async () => {
    end();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
}

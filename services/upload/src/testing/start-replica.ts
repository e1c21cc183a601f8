import { problems } from '@kilas/messages/problems.ts';
import { createHttpApp } from '@kilas/platform/http/http-app.ts';
import { systemClock } from '@kilas/platform/process/clock.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { openMemorySharedState } from '@kilas/platform/shared/memory-shared-state.ts';
import { openService } from '../service.ts';
import type { UploadSystem } from './start-uploads.ts';

export interface Replica {
  readonly url: string;
  close(): Promise<void>;
}

/** Whose pages may call the second one. */
export const otherOrigin = 'https://web.example';

/** A second upload on the same database and storage, at an address of its own; it takes no jobs. */
export async function startReplica({ system }: UploadSystem): Promise<Replica> {
  const shared = openMemorySharedState();
  const wiring = { clock: systemClock, shared, peers: () => system.peersAs('upload') };
  const service = await openService(system.environmentOf('upload'), wiring);
  const log = openLog('replica', 'silent');
  const corsOrigins = [otherOrigin];
  const app = await createHttpApp({ title: 'replica', log, problems, corsOrigins, trustedProxies: [] });
  service.http(app);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    close: async () => {
      await app.close();
      await service.close();
      await shared.close();
    },
  };
}

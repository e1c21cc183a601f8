import { UserError } from '@kilas/cli/user-error.ts';
import { openSystem } from '@kilas/installation/open-system.ts';
import { eachService } from '@kilas/installation/service-names.ts';
import type { Target } from '@kilas/installation/target/target.ts';
import { z } from 'zod';
import { withClient } from './load-database.ts';

/** Those that hold face data. */
const services = ['user', 'photo', 'ai', 'upload'] as const;

/**
 * Opens the services on a target, which nobody serves: their tables are brought up to date, and each acts on what the journal
 * of erasures remembers and its database has not heard of. Answers how much that was, by service.
 */
export async function replayErasures(target: Target): Promise<Readonly<Record<(typeof services)[number], number>>> {
  const before = await countHandled(target);
  const system = await openSystem({
    services,
    environments: eachService((name) => target.environment(name)),
    logLevel: 'error',
    isWorking: false,
  });
  try {
    for (const name of services) {
      const { erasures } = await system.service(name).ready();
      if (erasures !== 'ready') {
        throw new UserError(
          'The journal of erasures cannot be read to its end, see above: mend that, then restore again.',
        );
      }
    }
  } finally {
    await system.close();
  }
  const after = await countHandled(target);
  return {
    user: after.user - before.user,
    photo: after.photo - before.photo,
    ai: after.ai - before.ai,
    upload: after.upload - before.upload,
  };
}

async function countHandled(target: Target) {
  const count = (name: (typeof services)[number]) =>
    withClient(target.databaseUrls[name], async (client) => {
      const { rows } = await client.query('select count(*)::int as count from handled_events');
      return z.object({ count: z.number() }).parse(rows[0]).count;
    });
  return {
    user: await count('user'),
    photo: await count('photo'),
    ai: await count('ai'),
    upload: await count('upload'),
  };
}

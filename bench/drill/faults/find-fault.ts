import type { PlannedFault } from '../plan.ts';
import { consulAway } from './consul-away.ts';
import { databaseAwayBehindProxy } from './database-away-behind-proxy.ts';
import { diskFull } from './disk-full.ts';
import type { Fault } from './fault.ts';
import { freeze } from './freeze.ts';
import { kill } from './kill.ts';
import { poison } from './poison.ts';
import { restartFaces, restartPostgres } from './restart-postgres.ts';
import { restartRedis } from './restart-redis.ts';
import { roll } from './roll.ts';
import { s3Answers503 } from './s3-503.ts';

export function findFault(planned: PlannedFault): Fault {
  switch (planned.kind) {
    case 'kill':
      return kill(planned.service);
    case 'freeze':
      return freeze(planned.service);
    case 'roll':
      return roll(planned.service);
    case 'restart-redis':
      return restartRedis;
    case 'restart-postgres':
      return restartPostgres;
    case 'restart-faces':
      return restartFaces;
    case 'consul-away':
      return consulAway;
    case 's3-503':
      return s3Answers503;
    case 'poison':
      return poison;
    case 'disk-full':
      return diskFull;
    case 'database-away-behind-proxy':
      return databaseAwayBehindProxy;
  }
}

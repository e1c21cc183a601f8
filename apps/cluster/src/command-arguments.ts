import path from 'node:path';
import { parseArgs } from 'node:util';
import { readingArguments, readLogLevel, readPath, readPort } from '@kilas/cli/command-line.ts';
import { UserError } from '@kilas/cli/user-error.ts';
import { type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';

export const usage = `npm run cluster -- [options]

Runs Kilas on this machine as it runs on many: every service as several processes that find each other through
Consul, with Redis, S3 and PostgreSQL, behind one address. It starts every part itself that you do not name.

  --port NUMBER       where the proxy listens (default 3100; 0 takes a free one)
  --data FOLDER       where everything is kept (default: data-cluster, in the folder of Kilas)
  --fresh             a throwaway folder instead, deleted at the end
  --replicas NUMBER   processes of each service (default 2), or some: upload=3,ai=1
  --log LEVEL         trace, debug, info, warn, error or silent (default warn)
  --postgres URL      a PostgreSQL server with pgvector, as a superuser: postgres://postgres:…@10.0.0.5
  --redis URL         a Redis server: redis://:…@10.0.0.6:6379
  --consul URL        a Consul agent: http://127.0.0.1:8500 (its ACL token: CONSUL_TOKEN)
  --s3 URL            an S3 server: https://minio.example (its keys: S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY)
  --help              this text
`;

export interface ClusterArguments {
  readonly isHelp: boolean;
  /** Undefined for a throwaway one. */
  readonly dataFolder: string | undefined;
  readonly port: number;
  readonly replicas: Partial<Record<ServiceName, number>>;
  readonly logLevel: string;
  readonly servers: {
    readonly postgres?: string;
    readonly redis?: string;
    readonly consul?: string;
    readonly s3?: string;
  };
}

const replicasDefault = 2;
const replicasMax = 20;

/** Throws a UserError for what does not fit. */
export function readArguments(argv: readonly string[]): ClusterArguments {
  const values = readingArguments('npm run cluster', () => parseOptions(argv));
  if (values.fresh && values.data !== undefined) {
    throw new UserError('--fresh and --data contradict each other: a throwaway folder is not kept.');
  }
  const kept = values.data === undefined ? path.resolve('data-cluster') : readPath(values.data);
  return {
    isHelp: values.help,
    dataFolder: values.fresh ? undefined : kept,
    port: readPort(values.port),
    replicas: readReplicas(values.replicas),
    logLevel: readLogLevel(values.log),
    servers: {
      ...readServer('postgres', values.postgres, ['postgres:', 'postgresql:']),
      ...readServer('redis', values.redis, ['redis:', 'rediss:']),
      ...readServer('consul', values.consul, ['http:', 'https:']),
      ...readServer('s3', values.s3, ['http:', 'https:']),
    },
  };
}

function parseOptions(argv: readonly string[]) {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: { type: 'string', default: '3100' },
      data: { type: 'string' },
      fresh: { type: 'boolean', default: false },
      replicas: { type: 'string', default: String(replicasDefault) },
      log: { type: 'string', default: 'warn' },
      postgres: { type: 'string' },
      redis: { type: 'string' },
      consul: { type: 'string' },
      s3: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  return values;
}

/** "3" for every service, or "upload=3,ai=1" for those named, the others having two. */
export function readReplicas(text: string): Partial<Record<ServiceName, number>> {
  if (!text.includes('=')) {
    const count = readCount(text, text);
    return Object.fromEntries(serviceNames.map((name) => [name, count]));
  }
  const counts: Partial<Record<ServiceName, number>> = {};
  for (const part of text.split(',')) {
    const [name = '', count = ''] = part.split('=').map((word) => word.trim());
    const service = serviceNames.find((known) => known === name);
    if (service === undefined) {
      throw new UserError(`"${name}" is no service: --replicas knows ${serviceNames.join(', ')}.`);
    }
    counts[service] = readCount(count, part);
  }
  return counts;
}

function readCount(text: string, whole: string): number {
  const count = Number(text);
  if (text.trim() !== '' && Number.isInteger(count) && count >= 1 && count <= replicasMax) return count;
  throw new UserError(`"${whole}" is no number of processes: --replicas takes 1 to ${replicasMax}, or upload=3,ai=1.`);
}

function readServer(name: 'postgres' | 'redis' | 'consul' | 's3', text: string | undefined, protocols: string[]) {
  if (text === undefined) return {};
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !protocols.includes(url.protocol)) {
    // Not the text itself: it may hold a password.
    throw new UserError(`What --${name} names is no address of such a server: it begins with ${protocols[0]}//.`);
  }
  return { [name]: text.replace(/\/$/, '') };
}

import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const list = z.array(scalar).default([]);
const dependency = z.object({ condition: z.string() });

export const serviceShape = z.looseObject({
  image: z.string(),
  build: z.looseObject({ dockerfile: z.string(), args: z.object({ PART: z.string() }).optional() }).optional(),
  user: z.string().optional(),
  environment: z
    .record(
      z.string(),
      scalar.nullable().transform((text) => text ?? ''),
    )
    .default({}),
  ports: list,
  volumes: list,
  tmpfs: list,
  configs: z.array(z.looseObject({ source: z.string() })).default([]),
  secrets: z.array(z.looseObject({ source: z.string() })).default([]),
  command: list,
  entrypoint: z.array(z.string()).optional(),
  read_only: z.boolean().default(false),
  cap_drop: list,
  cap_add: list,
  privileged: z.boolean().default(false),
  pid: z.string().optional(),
  security_opt: list,
  restart: z.string().optional(),
  scale: z.number().default(1),
  mem_limit: z.string().optional(),
  shm_size: z.string().optional(),
  stop_grace_period: z.string().optional(),
  logging: z.looseObject({ options: z.record(z.string(), scalar).default({}) }).optional(),
  healthcheck: z.looseObject({ test: z.array(z.string()), start_period: z.string().optional() }).optional(),
  depends_on: z.record(z.string(), dependency).default({}),
  networks: list,
});
const file = z.looseObject({ file: z.string().optional() });

export const projectShape = z.looseObject({
  services: z.record(z.string(), serviceShape),
  configs: z.record(z.string(), file).default({}),
  secrets: z.record(z.string(), file).default({}),
  volumes: z.record(z.string(), z.unknown()).default({}),
  networks: z.record(z.string(), z.unknown()).default({}),
});

export type Service = z.output<typeof serviceShape>;
export type Project = z.output<typeof projectShape>;

/** Says what is wrong, each fault with the service's name first. */
type Rule = (project: Project, folder: string) => string[];

/** Where the programs of an image write, by their documents and sources: with a root that is read-only something has to lie there. */
const writes: Readonly<Record<string, readonly string[]>> = {
  'pgvector/pgvector': ['/var/lib/postgresql', '/var/run/postgresql', '/tmp'],
  redis: ['/data'],
  'hashicorp/consul': ['/consul/data'],
  'chrislusf/seaweedfs': ['/data', '/tmp'],
  traefik: ['/tmp'],
  'prom/prometheus': ['/prometheus'],
  'prom/alertmanager': ['/alertmanager'],
  'prom/node-exporter': [],
  'prometheuscommunity/postgres-exporter': [],
  'oliver006/redis_exporter': [],
  'grafana/grafana': ['/var/lib/grafana', '/tmp'],
  'grafana/tempo': ['/var/tempo'],
  // Its mails lie in a file of the temporary folder where no other is named.
  'axllent/mailpit': ['/tmp'],
  // sharp and Node.js; the spool of upload is a volume of the image.
  'kilas-user': ['/tmp'],
  'kilas-photo': ['/tmp'],
  'kilas-transaction': ['/tmp'],
  'kilas-ai': ['/tmp'],
  'kilas-upload': ['/tmp'],
  'kilas-operator': ['/tmp'],
  'kilas-web': ['/tmp'],
};

/** Why a service may do what others may not. */
const mayBeRoot: Readonly<Record<string, string>> = {
  proxy: 'with TLS alone, without capabilities: a private key, and the volume of ACME, are readable by root only',
};
const maySeeHost: Readonly<Record<string, string>> = { 'node-exporter': 'measures the machine' };
const withoutHealthcheck: Readonly<Record<string, string>> = {
  traces: 'the image has no client to ask with',
  provision: 'ends by itself',
};

const each = (project: Project, faultsOf: (service: Service, name: string) => string[]): string[] =>
  Object.entries(project.services).flatMap(([name, service]) =>
    faultsOf(service, name).map((fault) => `${name}: ${fault}`),
  );

const imageOf = ({ image }: Service) => image.replace(/[:@].*$/, '');
/** The Dockerfile has one, for the program that it starts. */
const hasImageCheck = ({ build, entrypoint }: Pick<Service, 'build' | 'entrypoint'>) =>
  build !== undefined && entrypoint === undefined;
const isOneOff = ({ restart }: Service) => restart === 'no';
const targetsOf = ({ volumes, tmpfs }: Service) => [
  ...volumes.map((mount) => mount.split(':')[1] ?? ''),
  ...tmpfs.map((mount) => mount.split(':')[0] ?? ''),
];

/** Its root, what it runs on, or who rules its containers; not a folder of the operator. */
function isOfMachine(mount: string): boolean {
  return /^\/((proc|sys|dev|run|var|etc|root|boot)(\/(run|lib|docker)\b[^:]*|\/?))?:|docker\.sock/.test(mount);
}

/** `512m` and `1GB` and plain bytes, as Docker and PostgreSQL write them. */
export function bytesOf(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]?)b?$/i.exec(text) ?? [];
  if (number === '') throw new Error(`"${text}" is no size`);
  return Number(number) * 1024 ** ['', 'k', 'm', 'g'].indexOf(unit.toLowerCase());
}

function settingOf({ command }: Service, name: string): string | undefined {
  return command.find((argument) => argument.startsWith(`${name}=`))?.slice(name.length + 1);
}

export const rules: Readonly<Record<string, Rule>> = {
  // Compose from 2.34 on refuses them: "`file` is the sole supported option".
  'a container that is read-only gets no text of the compose file': (project) =>
    each(project, ({ read_only, configs, secrets }) => {
      const sources = [
        ...configs.map(({ source }) => [source, project.configs[source]] as const),
        ...secrets.map(({ source }) => [source, project.secrets[source]] as const),
      ];
      return sources
        .filter(([, source]) => source === undefined || (read_only && source.file === undefined))
        .map(([name, source]) => (source === undefined ? `${name} is nowhere` : `${name} is no file`));
    }),

  'what is mounted lies in the clone': (project, folder) =>
    each(project, ({ volumes }) =>
      volumes
        .map((mount) => mount.split(':')[0] ?? '')
        .filter((source) => source.startsWith('.') && !existsSync(path.join(folder, source)))
        .map((source) => `${source} is not there`),
    ),

  'a file is mounted on a file, and a folder on a folder': (project, folder) =>
    each(project, ({ volumes }) =>
      volumes
        .map((mount) => mount.split(':'))
        .filter(([source = '']) => source.startsWith('.') && existsSync(path.join(folder, source)))
        .filter(([source = '', target = '']) => statSync(path.join(folder, source)).isFile() !== /\.\w+$/.test(target))
        .map(([source, target]) => `${source} on ${target}`),
    ),

  'volumes and networks that are used are declared, and the other way round': (project) => {
    const used = Object.values(project.services).flatMap(({ volumes }) =>
      volumes.map((mount) => mount.split(':')[0] ?? '').filter((source) => /^\w/.test(source)),
    );
    const networks = Object.values(project.services).flatMap((service) => service.networks);
    const differ = (what: string, wanted: readonly string[], declared: readonly string[]) => [
      ...wanted.filter((name) => !declared.includes(name)).map((name) => `${what} ${name} is not declared`),
      ...declared.filter((name) => !wanted.includes(name)).map((name) => `${what} ${name} is not used`),
    ];
    return [
      ...differ('volume', used, Object.keys(project.volumes)),
      ...differ('network', networks, Object.keys(project.networks)),
    ];
  },

  'the root file system is read-only': (project) =>
    each(project, ({ read_only }) => (read_only ? [] : ['may be written to'])),

  'where a program writes, something lies that it may write to': (project) =>
    each(project, (service) => {
      const known = writes[imageOf(service)];
      if (known === undefined) return [`nobody has said where ${imageOf(service)} writes`];
      const targets = targetsOf(service);
      return known.filter((target) => !targets.includes(target)).map((target) => `nothing lies at ${target}`);
    }),

  'what lies in memory has a size': (project) =>
    each(project, ({ tmpfs }) => tmpfs.filter((mount) => !mount.includes('size=')).map((mount) => `${mount} has none`)),

  'no container runs as root': (project) =>
    each(project, ({ user, build }, name) => {
      // The Dockerfile names an account; an image of others may begin as root, and stay it under a command of ours.
      if (user === undefined) return build === undefined ? ['names no account'] : [];
      const isRoot = /^(0|root)(:|$)/.test(user);
      return isRoot && !(name in mayBeRoot) ? ['runs as root'] : [];
    }),

  'no container has rights of root': (project) =>
    each(project, ({ cap_drop, cap_add, privileged, security_opt, pid, volumes }, name) => [
      ...(cap_drop.includes('ALL') ? [] : ['keeps capabilities']),
      ...(cap_add.length === 0 ? [] : ['adds capabilities']),
      ...(privileged ? ['is privileged'] : []),
      ...(security_opt.includes('no-new-privileges:true') ? [] : ['may get more rights']),
      ...((pid !== undefined || volumes.some(isOfMachine)) && !(name in maySeeHost) ? ['sees the machine'] : []),
      ...volumes
        .filter((mount) => /^[/.]/.test(mount) && !mount.endsWith(':ro'))
        .map((mount) => `may write to ${mount.split(':')[0]}`),
    ]),

  'memory has a limit': (project) =>
    each(project, ({ mem_limit, shm_size = '0' }) => {
      if (mem_limit === undefined) return ['has none'];
      return bytesOf(shm_size) < bytesOf(mem_limit) ? [] : ['is given more to share than it has'];
    }),

  'a server keeps within its memory': (project) =>
    each(project, (service) => {
      const limit = bytesOf(service.mem_limit ?? '0');
      const image = imageOf(service);
      if (image === 'redis') {
        const [, most] = /--maxmemory (\d+mb)/.exec(service.command.join(' ')) ?? [];
        return most !== undefined && bytesOf(most) * 1.25 <= limit ? [] : ['Redis may outgrow it'];
      }
      if (image !== 'pgvector/pgvector') return [];
      const shared = settingOf(service, 'shared_buffers');
      if (shared === undefined) return ['shared_buffers is what PostgreSQL takes for a laptop'];
      return bytesOf(shared) + bytesOf(service.shm_size ?? '0') <= limit * 0.75 ? [] : ['shared_buffers leave no room'];
    }),

  'logs end': (project) =>
    each(project, ({ logging }) => {
      const { 'max-size': size, 'max-file': files } = logging?.options ?? {};
      return size !== undefined && files !== undefined ? [] : ['are kept for ever'];
    }),

  'what runs on is started again, and what ends is not': (project) =>
    each(project, ({ restart }) =>
      ['unless-stopped', 'no'].includes(restart ?? '') ? [] : ['nobody starts it again'],
    ),

  'whether it works is asked': (project) =>
    each(project, ({ healthcheck, build, entrypoint }, name) => {
      if (name in withoutHealthcheck || healthcheck !== undefined) return [];
      return hasImageCheck({ build, entrypoint }) ? [] : ['by nobody'];
    }),

  'PostgreSQL is asked over TCP': (project) =>
    each(project, ({ healthcheck }) => {
      const test = healthcheck?.test ?? [];
      if (!test.some((part) => part.includes('pg_isready'))) return [];
      const host = test[test.indexOf('-h') + 1] ?? '';
      // The image makes its first databases with a server that listens on the socket alone.
      return test.includes('-h') && !host.startsWith('/') ? [] : ['the socket answers before the databases are made'];
    }),

  'who waits for another waits for what that one says': (project) =>
    each(project, ({ depends_on }, name) =>
      Object.entries(depends_on).flatMap(([other, { condition }]) => {
        const service = project.services[other];
        if (service === undefined) return [`${other} is nowhere`];
        if (waitsFor(project, other, name)) return [`${other} waits for it in turn`];
        if (isOneOff(service)) {
          return condition === 'service_completed_successfully' ? [] : [`${other} ends, and is not waited for`];
        }
        const isAsked =
          condition === 'service_healthy' && (service.healthcheck !== undefined || hasImageCheck(service));
        return isAsked ? [] : [`${other} is not asked whether it works`];
      }),
    ),

  'who needs the databases waits until they are made': (project) =>
    each(project, ({ environment, depends_on }, name) => {
      const needs = Object.entries(environment).some(
        ([key, text]) => /^(.+_)?DATABASE(_OWNER)?_URL$|^DATA_SOURCE_URI$/.test(key) && text.includes('postgres'),
      );
      return needs && name !== 'provision' && !('provision' in depends_on) ? ['does not'] : [];
    }),

  'a service has the time to drain': (project) =>
    each(project, ({ environment, stop_grace_period = '10s' }) => {
      const drainMs = Number(environment.DRAIN_DELAY_MS ?? 0);
      return drainMs + 30_000 < Number.parseInt(stop_grace_period, 10) * 1_000 || drainMs === 0 ? [] : ['does not'];
    }),

  'only the proxy is open to everybody': (project) =>
    each(project, ({ ports }, name) =>
      ports.filter((port) => name !== 'proxy' && !port.startsWith('127.0.0.1:')).map((port) => `${port} is`),
    ),
};

function waitsFor(project: Project, name: string, other: string, seen: readonly string[] = []): boolean {
  if (seen.includes(name)) return false;
  const next = Object.keys(project.services[name]?.depends_on ?? {});
  return next.includes(other) || next.some((each) => waitsFor(project, each, other, [...seen, name]));
}

/** All that is wrong, by rule. */
export function faultsOf(project: Project, folder: string): Record<string, string[]> {
  const found = Object.entries(rules).map(([name, rule]) => [name, rule(project, folder)] as const);
  return Object.fromEntries(found.filter(([, faults]) => faults.length > 0));
}

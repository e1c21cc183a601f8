import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { newSecrets } from '@kilas/installation/new-secrets.ts';
import { serviceNames } from '@kilas/installation/service-names.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bytesOf, faultsOf, type Project, projectShape, rules, type Service } from './containers/compose-rules.ts';
import { fillText, renderCompose, renderTexts } from './containers/render-compose.ts';

const deploy = path.join(import.meta.dirname, '../deploy');
const operators = { TLS_FOLDER: '/etc/kilas/tls', TLS_NAME: 'photos.example', TLS_EMAIL: 'you@example.org' };
const env = { ...parseEnv(newSecrets('https://photos.example')), ...operators };
const [plain, tls, acme] = [
  ['compose.yaml'],
  ['compose.yaml', 'compose.tls.yaml'],
  ['compose.yaml', 'compose.acme.yaml'],
].map((files) => files.map((file) => path.join(deploy, file))) as [string[], string[], string[]];

const render = async (files: readonly string[]): Promise<Project> =>
  projectShape.parse(await renderCompose(files, env));
const project = await render(plain);

test.each([
  ['as it is', plain],
  ['with a certificate', tls],
  ['with ACME', acme],
])('the installation on containers breaks no rule, %s', async (_, files) => {
  expect(faultsOf(await render(files), deploy)).toEqual({});
});

type Change = (project: Project) => unknown;
const of =
  (name: string, change: (service: Service) => Partial<Service>): Change =>
  (changed) => {
    const service = changed.services[name];
    if (service === undefined) throw new Error(`there is no ${name}`);
    changed.services[name] = { ...service, ...change(service) };
  };

/** For each rule what breaks it, and what the rule says then. */
const faults: Readonly<Record<string, readonly (readonly [Change, string])[]>> = {
  'a container that is read-only gets no text of the compose file': [
    [
      (changed) => {
        changed.configs.routes = {};
        of('proxy', ({ configs }) => ({ configs: [...configs, { source: 'routes' }] }))(changed);
      },
      'proxy: routes is no file',
    ],
    [of('proxy', ({ secrets }) => ({ secrets: [...secrets, { source: 'key' }] })), 'proxy: key is nowhere'],
  ],
  'what is mounted lies in the clone': [
    [
      of('traces', ({ volumes }) => ({ volumes: [...volumes, './gone.yaml:/etc/gone.yaml:ro'] })),
      'traces: ./gone.yaml is not there',
    ],
  ],
  'a file is mounted on a file, and a folder on a folder': [
    [
      of('proxy', ({ volumes }) => ({ volumes: [...volumes, './proxies/traefik:/etc/traefik/more.yaml:ro'] })),
      'proxy: ./proxies/traefik on /etc/traefik/more.yaml',
    ],
  ],
  'volumes and networks that are used are declared, and the other way round': [
    [of('mail', ({ volumes }) => ({ volumes: [...volumes, 'mails:/mails'] })), 'volume mails is not declared'],
    [(changed) => Object.assign(changed.networks, { spare: {} }), 'network spare is not used'],
  ],
  'the root file system is read-only': [[of('postgres', () => ({ read_only: false })), 'postgres: may be written to']],
  'where a program writes, something lies that it may write to': [
    [of('mail', () => ({ tmpfs: [] })), 'mail: nothing lies at /tmp'],
    [of('mail', () => ({ image: 'shop/unknown:1.0' })), 'mail: nobody has said where shop/unknown writes'],
  ],
  'what lies in memory has a size': [[of('ai', () => ({ tmpfs: ['/tmp'] })), 'ai: /tmp has none']],
  'no container runs as root': [
    [of('redis', () => ({ user: undefined })), 'redis: names no account'],
    [of('redis', () => ({ user: '0:0' })), 'redis: runs as root'],
  ],
  'no container has rights of root': [
    [of('consul', () => ({ cap_drop: [] })), 'consul: keeps capabilities'],
    [of('consul', ({ cap_add }) => ({ cap_add: [...cap_add, 'SYS_ADMIN'] })), 'consul: adds capabilities'],
    [of('consul', () => ({ security_opt: [] })), 'consul: may get more rights'],
    [of('consul', () => ({ privileged: true })), 'consul: is privileged'],
    [of('consul', () => ({ pid: 'host' })), 'consul: sees the machine'],
    [
      of('proxy', ({ volumes }) => ({ volumes: [...volumes, '/var/run/docker.sock:/var/run/docker.sock:ro'] })),
      'proxy: sees the machine',
    ],
    [
      of('traces', ({ volumes }) => ({ volumes: [...volumes, './observability:/etc/more'] })),
      'traces: may write to ./observability',
    ],
  ],
  'memory has a limit': [
    [of('upload', () => ({ mem_limit: undefined })), 'upload: has none'],
    [of('postgres', () => ({ shm_size: '8g' })), 'postgres: is given more to share than it has'],
  ],
  'a server keeps within its memory': [
    [
      of('postgres', () => ({ command: ['postgres'] })),
      'postgres: shared_buffers is what PostgreSQL takes for a laptop',
    ],
    [of('postgres', () => ({ mem_limit: '2g' })), 'postgres: shared_buffers leave no room'],
    [of('redis', () => ({ mem_limit: '256m' })), 'redis: Redis may outgrow it'],
  ],
  'logs end': [[of('upload', () => ({ logging: undefined })), 'upload: are kept for ever']],
  'what runs on is started again, and what ends is not': [
    [of('user', () => ({ restart: undefined })), 'user: nobody starts it again'],
  ],
  'whether it works is asked': [
    [of('away', () => ({ healthcheck: undefined })), 'away: by nobody'],
    [of('redis', () => ({ healthcheck: undefined })), 'redis: by nobody'],
  ],
  'PostgreSQL is asked over TCP': [
    [
      of('postgres', () => ({ healthcheck: { test: ['CMD', 'pg_isready', '-U', 'postgres'] } })),
      'postgres: the socket answers before the databases are made',
    ],
  ],
  'who waits for another waits for what that one says': [
    [
      of('provision', () => ({ depends_on: { postgres: { condition: 'service_started' } } })),
      'provision: postgres is not asked whether it works',
    ],
    [
      of('user', () => ({ depends_on: { provision: { condition: 'service_started' } } })),
      'user: provision ends, and is not waited for',
    ],
    [
      of('postgres', () => ({ depends_on: { provision: { condition: 'service_completed_successfully' } } })),
      'postgres: provision waits for it in turn',
    ],
  ],
  'who needs the databases waits until they are made': [[of('backup', () => ({ depends_on: {} })), 'backup: does not']],
  'a service has the time to drain': [[of('photo', () => ({ stop_grace_period: '10s' })), 'photo: does not']],
  'only the proxy is open to everybody': [[of('grafana', () => ({ ports: ['3000:3000'] })), 'grafana: 3000:3000 is']],
};

test.each(Object.keys(rules))('what breaks it is seen: %s', (rule) => {
  const seeded = faults[rule] ?? [];
  expect(seeded.length).toBeGreaterThan(0);
  for (const [change, said] of seeded) {
    const changed = structuredClone(project);
    change(changed);
    expect(faultsOf(changed, deploy)[rule] ?? []).toContain(said);
  }
});

test('the first backup finds the tables and buckets that the services make when they first start', () => {
  const { backup } = project.services;
  for (const name of serviceNames) expect(backup?.depends_on[name]).toEqual({ condition: 'service_healthy' });
});

test.each([
  ['a certificate', tls],
  ['ACME', acme],
])('with %s people are reached by TLS alone, and those who come without are sent on', async (_, files) => {
  const { services } = await render(files);
  const { environment = {}, ports } = services.proxy ?? {};
  expect(ports).toEqual(['80:8081', '443:8443']);
  expect(environment).toMatchObject({
    TRAEFIK_ENTRYPOINTS_PLAIN_ADDRESS: ':8081',
    TRAEFIK_ENTRYPOINTS_PLAIN_HTTP_REDIRECTIONS_ENTRYPOINT_SCHEME: 'https',
    TRAEFIK_ENTRYPOINTS_SECURE_ADDRESS: ':8443',
    TRAEFIK_ENTRYPOINTS_SECURE_ASDEFAULT: 'true',
  });
  // What holds for one entry point holds for the other.
  for (const setting of [
    'TRANSPORT_RESPONDINGTIMEOUTS_READTIMEOUT',
    'HTTP_MIDDLEWARES',
    'FORWARDEDHEADERS_TRUSTEDIPS',
  ]) {
    expect(environment[`TRAEFIK_ENTRYPOINTS_SECURE_${setting}`]).toBe(
      environment[`TRAEFIK_ENTRYPOINTS_WEB_${setting}`],
    );
  }
  // The provider of play money tells of payments inside, without TLS.
  expect(services.transaction?.environment.SANDBOX_WEBHOOK_URL).toMatch(/^http:\/\/proxy:8080\//);
  expect(environment.TRAEFIK_ENTRYPOINTS_WEB_ADDRESS).toBe(':8080');
});

test('files are laid over each other as Compose does it', () => {
  const base = `
x-all: &all { restart: always, environment: { A: "1", B: "$\{NAME:-b}" } }
services:
  one: { <<: *all, command: [run], ports: ["1:1"], volumes: ["a:/a", "b:/b"] }`;
  const over = `
services:
  one: { environment: { B: "2" }, command: [go], ports: !override ["2:2"], volumes: ["c:/b"], networks: [n] }`;
  expect(renderTexts([base, over], {}).services).toEqual({
    one: {
      restart: 'always',
      environment: { A: '1', B: '2' },
      command: ['go'],
      ports: ['2:2'],
      volumes: ['a:/a', 'c:/b'],
      networks: ['n'],
    },
  });
});

test('variables are filled in as Compose does it, and a dollar sign that is none is refused', () => {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: that is what Compose reads
  const known = { A: 'a', EMPTY: '' };
  const filled = {
    '$A ${A} $$A': 'a a $A',
    '${EMPTY:-x} ${EMPTY-x} ${GONE:-${A}} ${GONE-}': 'x  a ',
    '${A:+set}${EMPTY:+set}${EMPTY+set}': 'setset',
    '${GONE}|$GONE': '|',
  };
  for (const [text, expected] of Object.entries(filled)) expect(fillText(text, known), text).toBe(expected);
  for (const text of ['${GONE:?}', '${EMPTY:?it}', '5 $ a', '${A', '${A!x}', 'a$']) {
    expect(() => fillText(text, known), text).toThrow();
  }
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: that is what Compose reads
  expect([bytesOf('512m'), bytesOf('1GB'), bytesOf('7')]).toEqual([536_870_912, 1_073_741_824, 7]);
});

const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;
if (!hasCompose)
  process.stdout.write('skipped, since docker compose is not on this machine: its own reading of the files\n');

describe.skipIf(!hasCompose)('docker compose', () => {
  let folder = '';
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each([
    ['as it is', plain],
    ['with a certificate', tls],
    ['with ACME', acme],
  ])('reads the files as we do, %s', async (_, files) => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-compose-'));
    const envFile = path.join(folder, 'env');
    const more = Object.entries(operators).map(([name, value]) => `${name}=${value}`);
    const secrets = newSecrets('https://photos.example');
    writeFileSync(envFile, `${secrets}${more.join('\n')}\n`);
    const args = [
      'compose',
      ...files.flatMap((file) => ['-f', file]),
      '--env-file',
      envFile,
      'config',
      '--format',
      'json',
    ];
    const { status, stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const theirs = z.object({ services: z.record(z.string(), z.looseObject({})) }).parse(JSON.parse(stdout)).services;
    const ours = projectShape.parse(await renderCompose(files, parseEnv(`${secrets}${more.join('\n')}`))).services;
    expect(Object.keys(theirs).sort()).toEqual(Object.keys(ours).sort());
    for (const [name, { environment, command, image, user, tmpfs, mem_limit }] of Object.entries(ours)) {
      expect(theirs[name], name).toMatchObject({
        image,
        ...(Object.keys(environment).length === 0 ? {} : { environment }),
        ...(command.length === 0 ? {} : { command }),
        ...(user === undefined ? {} : { user }),
        tmpfs,
        mem_limit: String(bytesOf(mem_limit ?? '')),
      });
    }
  });
});

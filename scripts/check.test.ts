import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { IConfiguration } from 'dependency-cruiser';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeSampleTree, type Outcome, type SampleTree } from './checks/sample-tree.ts';

const CONFIG = new URL('../.dependency-cruiser.mjs', import.meta.url);
const GENERATED = 'packages/contracts/src/gen/kilas/user/v1/accounts_pb.js';
const FORMAT = 'packages/face-engine/src/graphs/gen/onnx_pb.js';

const MAP = `# Architecture

\`\`\`
proto/kilas/<service>/v1/   the contract
services/
  user/     accounts · sessions
  photo/    photos
  ai/       faces
packages/
  contracts/  generated
  face-engine/ pixels in, faces out
  installation/ what opens the services
  pictures/   pixels
  platform/   what makes a process
  testkit/    for tests
apps/cluster/  many processes
apps/operator/  commands
apps/standalone/  the embedded run
apps/web/          pages
\`\`\`
`;

const GREEN: Record<string, string> = {
  'README.md': '[map](ARCHITECTURE.md#architecture)\n',
  'ARCHITECTURE.md': MAP,
  'proto/kilas/user/v1/accounts.proto':
    'syntax = "proto3";\npackage kilas.user.v1;\nmessage Account {\n  string id = 1;\n}\n',
  'packages/platform/src/db/database.ts': "import { sql } from 'kysely';\nexport const now = sql`now()`;\n",
  'packages/testkit/src/clock.ts': "import { now } from '@kilas/platform/db/database.ts';\nexport const clock = now;\n",
  'services/user/src/accounts/account-store.ts':
    "import { now } from '@kilas/platform/db/database.ts';\nexport const findAccount = () => now;\n",
  'services/user/src/accounts/http.ts':
    "import { findAccount } from './account-store.ts';\nexport const routes = [findAccount];\n",
  'services/user/src/accounts/http.test.ts':
    "import '@kilas/testkit/clock.ts';\nimport { routes } from './http.ts';\nconsole.log(routes);\n",
  'services/user/src/sessions/http.ts': "import { b } from './rules.ts';\nexport const routes = [b];\n",
  'services/user/src/sessions/rules.ts': "import type { A } from './types.ts';\nexport const b: A = 1;\n",
  'services/user/src/sessions/types.ts':
    "import type { b } from './rules.ts';\nexport type A = number;\nexport type B = typeof b;\n",
  'services/user/src/service.ts':
    "import { routes } from './accounts/http.ts';\nimport { routes as more } from './sessions/http.ts';\nexport const all = [...routes, ...more];\n",
  'services/photo/src/photos/photo-store.ts':
    "import { sql } from 'kysely';\nexport const findPhoto = sql`select 1`;\n",
  // `using` is younger than the visitor that dependency-cruiser walks with.
  'services/photo/src/upkeep.ts':
    "export async function tidy() {\n  await using store = await import('./photos/photo-store.ts');\n  return store;\n}\n",
  'services/photo/src/service.ts':
    "import './upkeep.ts';\nimport { findPhoto } from './photos/photo-store.ts';\nexport const photo = findPhoto;\n",
  'packages/pictures/src/render.ts': "import sharp from 'sharp';\nexport const render = sharp;\n",
  'packages/face-engine/proto/onnx.proto':
    'syntax = "proto3";\npackage onnx;\nmessage ModelProto {\n  int64 ir_version = 1;\n}\n',
  'packages/face-engine/src/detect.ts':
    "import { render } from '@kilas/pictures/render.ts';\nimport sharp from 'sharp';\nimport { run } from './run.ts';\nexport const detect = () => run([render, sharp]);\n",
  'packages/face-engine/src/run.ts':
    "import * as ort from 'onnxruntime-node';\nexport const run = (x: unknown) => [ort, x];\n",
  'services/ai/src/service.ts': "import { detect } from '@kilas/face-engine/detect.ts';\nexport const ai = detect;\n",
  'packages/installation/src/open-system.ts':
    "import { all } from '@kilas/user/service.ts';\nimport { photo } from '@kilas/photo/service.ts';\nimport { ai } from '@kilas/ai/service.ts';\nexport const system = [all, photo, ai];\n",
  'apps/standalone/src/main.ts':
    "import { system } from '@kilas/installation/open-system.ts';\nexport const x = system;\n",
  'services/user/src/reconcile/open-holdings.ts':
    "import { findAccount } from '../accounts/account-store.ts';\nexport const openHoldings = findAccount;\n",
  'apps/operator/src/main.ts': "import '@kilas/user/reconcile/open-holdings.ts';\n",
  'apps/cluster/src/cluster.ts': "import '@kilas/installation/open-system.ts';\n",
  'tests/journey.test.ts': "import '@kilas/cluster/cluster.ts';\n",
};

const TYPE = "import type { photo } from '@kilas/photo/service.ts';\nexport type P = typeof photo;\n";

// One file each, so that a line of the report belongs to one seed.
const SEEDS: [rule: string, file: string, text: string][] = [
  ['service-imports-service', 'services/user/src/by-name.ts', "import '@kilas/photo/service.ts';\n"],
  ['service-imports-service', 'services/user/src/by-path.ts', "export * from '../../photo/src/service.ts';\n"],
  [
    'service-imports-service',
    'services/user/src/late.ts',
    "export const late = () => import('@kilas/photo/service.ts');\n",
  ],
  ['service-imports-service', 'services/user/src/type.ts', TYPE],
  ['service-imports-service', 'services/user/src/by-name.test.ts', "import '@kilas/photo/service.ts';\n"],
  ['service-imports-foreign-folder', 'services/user/src/app.ts', "import '@kilas/standalone/main.ts';\n"],
  ['service-test-imports-foreign-folder', 'services/user/src/app.test.ts', "import '@kilas/standalone/main.ts';\n"],
  ['service-test-imports-foreign-folder', 'services/user/src/testing/app.ts', "import '@kilas/standalone/main.ts';\n"],
  ['package-imports-service', 'packages/platform/src/service/service.ts', "import '@kilas/user/service.ts';\n"],
  ['package-imports-service', 'packages/testkit/src/service.ts', "import '@kilas/user/service.ts';\n"],
  ['app-imports-service', 'apps/cluster/src/service.ts', "import '@kilas/user/service.ts';\n"],
  ['operator-imports-service', 'apps/operator/src/service.ts', "import '@kilas/user/service.ts';\n"],
  ['operator-imports-service', 'apps/operator/src/store.ts', "import '@kilas/user/accounts/account-store.ts';\n"],
  ['app-imports-app', 'apps/cluster/src/standalone.ts', "import '@kilas/standalone/main.ts';\n"],
  ['package-imports-app', 'packages/platform/src/app.ts', "import '@kilas/standalone/main.ts';\n"],
  ['package-imports-app', 'packages/testkit/src/app.ts', "import '@kilas/standalone/main.ts';\n"],
  ['library-in-an-app', 'tests/library.test.ts', "import '@kilas/standalone/main.ts';\n"],
  ['library-in-an-app', 'bench/library.ts', "import '@kilas/standalone/main.ts';\n"],
  ['platform-knows-the-trade', 'packages/platform/src/trade.ts', "import '../../messages/src/problems.ts';\n"],
  [
    'platform-knows-the-trade',
    'packages/platform/src/accounts.ts',
    "import '@kilas/contracts/gen/kilas/user/v1/accounts_pb.js';\n",
  ],
  ['contracts-import-ours', 'packages/contracts/src/platform.ts', "import '@kilas/platform/db/database.ts';\n"],
  ['test-code-in-production', 'services/user/src/testkit.ts', "import '@kilas/testkit/clock.ts';\n"],
  ['test-code-in-production', 'packages/platform/src/testkit.ts', "import '@kilas/testkit/clock.ts';\n"],
  ['test-code-in-production', 'services/user/src/testing.ts', "import './testing/app.ts';\n"],
  ['face-engine-imports-ours', 'packages/face-engine/src/by-name.ts', "import '@kilas/platform/db/database.ts';\n"],
  [
    'face-engine-imports-ours',
    'packages/face-engine/src/by-path.ts',
    "import '../../../services/ai/src/service.ts';\n",
  ],
  ['face-engine-outside-of-ai', 'services/photo/src/detect.ts', "import '@kilas/face-engine/detect.ts';\n"],
  ['face-engine-outside-of-ai', 'apps/standalone/src/detect.ts', "import '@kilas/face-engine/detect.ts';\n"],
  ['onnxruntime-outside-of-the-face-engine', 'services/ai/src/onnx.ts', "import 'onnxruntime-node';\n"],
  ['edge-speaks-sql', 'services/photo/src/photos/rpc.ts', "import { sql } from 'kysely';\nexport const x = sql;\n"],
  [
    'sql-outside-of-stores',
    'services/user/src/accounts/count.ts',
    "import { sql } from 'kysely';\nexport const x = sql;\n",
  ],
  ['edge-reads-foreign-store', 'services/user/src/identities/rpc.ts', "import '../accounts/account-store.ts';\n"],
  ['sharp-outside-of-the-cpu-services', 'services/photo/src/sharp.ts', "import 'sharp';\n"],
  ['pictures-outside-of-the-cpu-services', 'services/photo/src/pictures.ts', "import '@kilas/pictures/render.ts';\n"],
  ['pictures-outside-of-the-cpu-services', 'services/ai/src/pictures.ts', "import '@kilas/pictures/render.ts';\n"],
  ['pictures-import-ours', 'packages/pictures/src/trade.ts', "import '../../messages/src/problems.ts';\n"],
  ['web-imports-service-code', 'apps/web/src/api/platform.ts', "import '@kilas/platform/db/database.ts';\n"],
  ['web-room-imports-room', 'apps/web/src/find/upload.ts', "import '../studio/join.ts';\n"],
  ['web-foundation-imports-room', 'apps/web/src/ui/price.ts', "import '../studio/join.ts';\n"],
  ['circular', 'services/user/src/egg.ts', "import { hen } from './hen.ts';\nexport const egg = () => hen;\n"],
  ['orphan', 'services/user/src/orphan.ts', 'export const nobody = 1;\n'],
  ['unresolvable', 'services/user/src/unresolvable.ts', "import '@kilas/platform/nothing.ts';\n"],
  ['unlisted-package', 'services/user/src/unlisted.ts', "import 'fastify';\n"],
  [
    'unseen',
    'services/user/src/unseen.ts',
    "import './hen.ts';\nexport type P = import('@kilas/photo/service.ts').P;\n",
  ],
];

const BESIDE_SEEDS = {
  'apps/web/src/studio/join.ts': 'export const join = 1;\n',
  [GENERATED]: 'export const accounts = 1;\n',
  'packages/messages/src/problems.ts': "import '@kilas/platform/db/database.ts';\n",
  'services/user/src/hen.ts': "import { egg } from './egg.ts';\nexport const hen = () => egg;\n",
};

const LOCK_WITH_GAP = JSON.stringify({
  packages: {
    'node_modules/a': { optionalDependencies: { 'a-linux': '1.0.0', 'a-darwin': '1.0.0' } },
    'node_modules/a-linux': {},
  },
});

const HIDE_SWC = `import { registerHooks } from 'node:module';
registerHooks({
  resolve(name, context, next) {
    if (name.startsWith('@swc/core') && context.parentURL.includes('dependency-cruiser')) throw new Error('not installed');
    return next(name, context);
  },
});
`;

describe('borders', () => {
  test('a tree that keeps the rules is green', () => {
    using tree = makeSampleTree(GREEN);
    expect(tree.check('borders')).toEqual({ green: true, output: '' });
  });

  describe('with one violation of each kind', () => {
    let outcome: Outcome;

    beforeAll(() => {
      const seeded = Object.fromEntries(SEEDS.map(([, file, text]) => [file, text]));
      using tree = makeSampleTree({ ...GREEN, ...BESIDE_SEEDS, ...seeded });
      outcome = tree.check('borders');
    });

    test.each(SEEDS)('%s is red: %s', (rule, file) => {
      expect(outcome.output.split('\n')).toContainEqual(expect.stringMatching(`^${rule}: ${file}( |$)`));
      expect(outcome.green).toBe(false);
    });

    test('every rule is among them', async () => {
      const config: { default: IConfiguration } = await import(CONFIG.href);
      const names = config.default.forbidden?.map(({ name }) => name);
      expect(new Set(SEEDS.map(([rule]) => rule))).toEqual(new Set([...(names ?? []), 'unseen']));
    });
  });

  test('a parser that dependency-cruiser refuses is red, though nothing is left to complain about', () => {
    using tree = makeSampleTree({ ...GREEN, 'hide-swc.mjs': HIDE_SWC });
    const { green, output } = tree.check('borders', { NODE_OPTIONS: `--import=${join(tree.folder, 'hide-swc.mjs')}` });
    expect(output).toMatch(/^unread: 0 of \d+ \.ts files were read/);
    expect(green).toBe(false);
  });
});

describe('words of the trade', () => {
  const GLOSSARY =
    '# Map\n\n## Glossary\n\n| word | means |\n|---|---|\n| creator | sells photos |\n| hint | no fact |\n\n## Next\n';
  const FILE = 'packages/platform/src/http/page.ts';

  test.each([
    ['one of the glossary in a name', 'export const listCreators = 1;\n'],
    ['one that the glossary leaves out in a text', "export const path = '/v1/photo-views';\n"],
    ['one in a comment', '// Counts every SELFIE.\n'],
  ])('%s is red in platform', (_, text) => {
    using tree = makeSampleTree({ ...GREEN, 'ARCHITECTURE.md': GLOSSARY, [FILE]: text });
    const { green, output } = tree.check('trade-words');
    expect(output).toContain(`a word of the trade: ${FILE}:1`);
    expect(green).toBe(false);
  });

  test('elsewhere, in tests and where platform has them too they are green', () => {
    const hint = { [FILE]: '// A hint of what surfaces.\n', [FILE.replace('.ts', '.test.ts')]: '// Of a photo.\n' };
    using tree = makeSampleTree({ ...GREEN, 'ARCHITECTURE.md': GLOSSARY, ...hint });
    expect(tree.check('trade-words')).toEqual({ green: true, output: '' });
  });
});

describe('the house', () => {
  test('a tree that keeps the rules is green, and says who imports whom and how much there is', () => {
    using tree = makeSampleTree({ ...GREEN, 'services/user/src/sessions/types.ts': 'export type A = number;\n' });
    const { green, output } = tree.check('house');
    expect(output).toMatch(/^ {2}packages\/installation +services\/ai 1, services\/photo 1, services\/user 1$/m);
    expect(output).toMatch(/services and platform \d+, tooling \d+, all \d+/);
    expect(green).toBe(true);
  });

  test.each([
    [
      'features in a ring: services/user/src/accounts, services/user/src/sessions',
      { 'services/user/src/accounts/session.ts': "export type { A } from '../sessions/types.ts';\n" },
      {
        'services/user/src/sessions/types.ts': "import type { S } from '../accounts/session.ts';\nexport type A = S;\n",
      },
    ],
    [
      'features in a ring: services/user/src/accounts, services/user/src/shifts.ts',
      { 'services/user/src/accounts/hours.ts': "export * from '../shifts.ts';\n" },
      { 'services/user/src/shifts.ts': "export { type routes } from './accounts/http.ts';\n" },
    ],
    ['files in a ring: services/user/src/', GREEN, {}],
    [
      'several write a table: services/user/src/accounts writes accounts, services/user/src/sessions writes accounts',
      {
        'services/user/src/accounts/account-store.ts': "export const add = (db: any) => db.insertInto('accounts');\n",
        'services/user/src/sessions/types.ts': 'export type A = number;\n',
      },
      { 'services/user/src/sessions/rules.ts': 'export const b = `update accounts a\n  set name = $1`;\n' },
    ],
    ['on the map and not there: services/mail', { 'ARCHITECTURE.md': MAP.replace('  ai/', '  mail/\n  ai/') }, {}],
    ['there and not on the map: packages/pictures', { 'ARCHITECTURE.md': MAP.replace(/.*pictures.*/, '') }, {}],
  ])('red: %s', (problem, files, more) => {
    using tree = makeSampleTree({ ...GREEN, ...files, ...more });
    const { green, output } = tree.check('house');
    expect(output).toContain(problem);
    expect(green).toBe(false);
  });
});

describe('generated code', () => {
  test('what buf has just made is green', () => {
    using tree = makeGeneratedTree();
    expect(tree.check('generated')).toEqual({ green: true, output: '' });
  });

  test('one byte that differs is red', () => {
    using tree = makeGeneratedTree();
    const file = join(tree.folder, GENERATED);
    const text = readFileSync(file, 'utf8');
    tree.write(GENERATED, text.replace(/.$/s, ' '));
    expect(tree.check('generated')).toEqual({ green: false, output: `differs: ${GENERATED}\nRun: npm run gen\n` });
  });

  test.each([GENERATED, FORMAT])('a missing file is red: %s', (file) => {
    using tree = makeGeneratedTree();
    rmSync(join(tree.folder, file));
    expect(tree.check('generated')).toEqual({ green: false, output: `missing: ${file}\nRun: npm run gen\n` });
  });

  test('a file too many is red', () => {
    using tree = makeGeneratedTree();
    const extra = GENERATED.replace('accounts', 'gone');
    tree.write(extra, '');
    const output = `no .proto file makes it: ${extra}\nRun: npm run gen\n`;
    expect(tree.check('generated')).toEqual({ green: false, output });
  });
});

describe('files', () => {
  test('a tree that keeps the rules is green', () => {
    using tree = makeSampleTree({ ...GREEN, 'services/user/src/full.ts': '\n'.repeat(400) });
    expect(tree.check('files')).toEqual({ green: true, output: '' });
  });

  test.each([
    ['too long', 'services/user/src/full.ts', '\n'.repeat(401)],
    ['too long', 'apps/standalone/src/page.css', '\n'.repeat(401)],
    ['names a registry', 'README.md', `see https://${['registry', 'npmjs', 'org'].join('.')}/x\n`],
    [
      'names a registry',
      'package-lock.json',
      `{ "packages": {}, ${['"resolved": ', 'http'].join('"')}://host/x.tgz" }`,
    ],
    [
      'takes an advisory lock',
      'services/user/src/accounts/account-store.ts',
      'export const lock = `select pg_try_advisory_lock(7)`;\n',
    ],
    ['takes an advisory lock', 'services/user/src/db/migrations/0001-a.sql', 'select pg_advisory_xact_lock(7);\n'],
    ['no link leads to it', 'docs/lost.md', '[here](lost.md)\n'],
    ['leads nowhere', 'README.md', '[map](ARCHITECTURE.md) [gone](docs/gone.md)\n'],
    ['leads nowhere', 'README.md', '[map](ARCHITECTURE.md#glossary)\n'],
    ['half merged', 'README.md', `[map](ARCHITECTURE.md)\n${'<'.repeat(7)} HEAD\n`],
    ['names a registry', 'bench/paths.ts', `const root = '${['', 'work', 'main'].join('/')}';\n`],
    ['not in package-lock.json', 'package-lock.json', LOCK_WITH_GAP],
    ['not pinned', 'services/user/package.json', '{ "name": "@kilas/user", "dependencies": { "kysely": "^1.0.0" } }'],
    ['package-lock.json is behind', 'services/user/package.json', '{ "name": "@kilas/user" }'],
    ['package-lock.json is behind', 'services/more/package.json', '{ "name": "@kilas/more" }'],
  ])('%s is red: %s', (problem, file, text) => {
    using tree = makeSampleTree({ ...GREEN, [file]: text });
    const { green, output } = tree.check('files');
    expect(output).toContain(problem);
    expect(output).toContain(file);
    expect(green).toBe(false);
  });
});

const MIGRATIONS = 'services/user/src/db/migrations';
const FIRST = `${MIGRATIONS}/0001-accounts.sql`;
const NEXT = `${MIGRATIONS}/0002-next.sql`;
const MADE = 'create table accounts (id uuid primary key, email text not null);\ncreate index a on accounts (email);\n';

describe('migrations', () => {
  test('what a release can run beside the one before it is green', () => {
    using tree = makeSampleTree({
      [FIRST]: MADE,
      [NEXT]: `create table notes (id uuid);
        alter table notes add constraint notes_id unique (id), drop column id;
        create index on notes (id); drop table notes;
        alter table accounts add column name text, add column age int not null default 0, alter column email drop not null;
        alter table accounts add constraint email check (email <> 'drop table; -- x') not valid;
        alter table accounts add "Lock table" text; -- drop table accounts;
        create function f() returns int language sql as $x$ drop table accounts; $x$;`,
      [`${MIGRATIONS}/0003-index.sql`]:
        '-- no transaction\ncreate unique index concurrently if not exists b on accounts (email);\n',
      [`${MIGRATIONS}/0004-end.sql`]:
        '-- contract: nothing has read it since v2.\nalter table accounts drop column name;\n',
    });
    expect(tree.check('migrations')).toEqual({
      green: true,
      output: 'migrations: no release yet, so none of them is final.\n',
    });
  });

  test.each([
    ['drops', 'drop table accounts;'],
    ['drops', 'DROP TABLE IF EXISTS "accounts" CASCADE;'],
    ['drops', 'create table mine (n int); drop table mine, accounts;'],
    ['drops', 'alter table accounts drop column email;'],
    ['drops', 'alter table only accounts add column a int, drop email;'],
    ['drops', '-- contract:\nalter table accounts drop column email;'],
    ['drops', '-- contract: of another\nselect 1; alter table accounts drop column email;'],
    ['drops', 'drop type mood;'],
    ['renames', 'alter table accounts rename email to mail;'],
    ['renames', 'alter table accounts rename to members;'],
    ['rewrites', 'alter table accounts alter column email type varchar(20);'],
    ['rewrites', 'alter table accounts alter email set data type varchar(20);'],
    ['rewrites', 'alter table accounts add column position bigint generated always as identity;'],
    ['rewrites', 'alter table accounts add column token uuid default gen_random_uuid();'],
    ['reads the table', 'alter table accounts alter column email set not null;'],
    ['reads the table', 'alter table accounts add constraint e check (email is not null);'],
    ['reads the table', 'alter table accounts add unique (email);'],
    [
      'reads the table',
      'alter table accounts add constraint e check (true) not valid; alter table accounts validate constraint e;',
    ],
    ['fails on rows', 'alter table accounts add column age int not null;'],
    ['fails on rows', 'alter table accounts add age int not null check (age in (1, 2));'],
    ['holds up', 'create index on accounts (email);'],
    ['holds up', 'create unique index b on only accounts using btree (email);'],
    ['holds up', 'alter table accounts add column code text unique;'],
    ['cannot run', 'create index concurrently if not exists b on accounts (email);'],
    ['not repeatable', '-- no transaction\ncreate index concurrently b on accounts (email);'],
    ['not repeatable', '-- no transaction\nupdate accounts set email = lower(email);'],
    ['not repeatable', '-- no transaction\ndrop index concurrently if exists a; select 1;'],
    ['locks', 'lock table accounts;'],
    ['empties', 'truncate accounts;'],
    ['hides', 'do $$ begin drop table accounts; end $$;'],
  ])('what %s is red: %s', (danger, sql) => {
    using tree = makeSampleTree({ [FIRST]: MADE, [NEXT]: `${sql}\n` });
    const { green, output } = tree.check('migrations');
    expect(output).toMatch(new RegExp(`^${danger}.*: ${NEXT}`, 'm'));
    expect(green).toBe(false);
  });

  test.each([
    ['badly numbered', { [FIRST]: MADE, [`${MIGRATIONS}/0003-next.sql`]: '' }],
    ['badly numbered', { [FIRST]: MADE, [`${MIGRATIONS}/0001-more.sql`]: '' }],
    ['badly named', { [FIRST]: MADE, [`${MIGRATIONS}/2-next.sql`]: '' }],
  ])('a migration that is %s is red', (problem, files) => {
    using tree = makeSampleTree(files);
    const { green, output } = tree.check('migrations');
    expect(output).toContain(problem);
    expect(green).toBe(false);
  });

  test('a migration of the latest release is final, to the byte', () => {
    using tree = makeSampleTree({ [FIRST]: MADE });
    tree.release('v1.9.0');
    tree.write(NEXT, 'select 1;\n');
    tree.release('v1.10.0');
    expect(tree.check('migrations')).toEqual({ green: true, output: '' });
    tree.write(NEXT, 'select 2;\n');
    expect(tree.check('migrations')).toEqual({
      green: false,
      output: `released in v1.10.0 and changed: ${NEXT}: make another migration\n`,
    });
    rmSync(join(tree.folder, NEXT));
    expect(tree.check('migrations').output).toContain(`released in v1.10.0 and gone: ${NEXT}`);
  });
});

function makeGeneratedTree(): SampleTree {
  const tree = makeSampleTree(GREEN);
  tree.generate();
  return tree;
}

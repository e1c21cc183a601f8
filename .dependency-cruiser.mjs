// The borders between the parts, as ARCHITECTURE.md draws them. `scripts/checks/borders.ts` runs it.
// Paths are those of the resolved files: an import by package name and one by relative path are the same here.

/** Files that never run in production. */
const TESTS = ['[.]test[.]ts$', '/src/testing/', '^(tests|bench|scripts)/', '^packages/testkit/'];
/** What a service may stand on. */
const FOUNDATIONS = '^packages/(contracts|face-engine|identity|matching|messages|pictures|platform|storage)/';
/** What starts an app, or the part of it that listens. */
const STARTERS =
  '^apps/(standalone/src/start-installation|cluster/src/(cluster|servers)|operator/src/backup/backup-metrics)[.]ts$';
const DRIVERS = 'node_modules/(kysely|pg|pg-boss|pgvector|@electric-sql)/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'service-imports-service',
      comment: 'Services meet through contracts: an RPC or an event.',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'service-imports-foreign-folder',
      comment: 'A service stands on contracts, libraries, messages and platform, and on nothing else of ours.',
      severity: 'error',
      from: { path: '^services/', pathNot: TESTS },
      to: { path: '^(packages|apps|tests|bench|scripts)/', pathNot: FOUNDATIONS },
    },
    {
      name: 'service-test-imports-foreign-folder',
      comment: 'The tests of a service may use the testkit besides.',
      severity: 'error',
      from: { path: ['^services/.*[.]test[.]ts$', '^services/.*/src/testing/'] },
      to: { path: '^(packages|apps|tests|bench|scripts)/', pathNot: [FOUNDATIONS, '^packages/testkit/'] },
    },
    {
      name: 'package-imports-service',
      comment: 'Of the packages, installation alone knows the services: it opens them.',
      severity: 'error',
      from: { path: '^packages/', pathNot: '^packages/installation/' },
      to: { path: '^services/' },
    },
    {
      name: 'app-imports-service',
      comment: 'An app has the services from the installation. The face commands measure what ai does.',
      severity: 'error',
      from: { path: '^(apps|scripts)/', pathNot: '^apps/(faces|operator)/' },
      to: { path: '^services/' },
    },
    {
      name: 'operator-imports-service',
      comment: 'The operator has a door into each service: what it holds, and how it mends.',
      severity: 'error',
      from: { path: '^apps/operator/' },
      to: { path: '^services/', pathNot: '^services/[^/]+/src/reconcile/open-holdings[.]ts$' },
    },
    {
      name: 'app-imports-app',
      comment: 'What two apps need is a package.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'package-imports-app',
      comment: 'Nor does the testkit.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
    {
      name: 'web-imports-service-code',
      comment: 'What runs in a browser knows of the installation its API alone.',
      severity: 'error',
      from: { path: '^apps/web/src/' },
      to: { path: '^(packages|services)/', pathNot: '^packages/client/src/gen/' },
    },
    {
      name: 'web-room-imports-room',
      comment: 'A room is loaded when it is entered, without the others.',
      severity: 'error',
      from: { path: '^apps/web/src/(find|studio|desk)/' },
      to: { path: '^apps/web/src/(find|studio|desk)/', pathNot: '^apps/web/src/$1/' },
    },
    {
      name: 'web-foundation-imports-room',
      comment: 'What all rooms stand on knows none of them.',
      severity: 'error',
      from: { path: '^apps/web/src/(api|gallery|i18n|shell|ui|uploads)/' },
      to: { path: '^apps/web/src/(find|studio|desk)/' },
    },
    {
      name: 'library-in-an-app',
      comment: 'Tests and benches start an app; whatever else they need is a package.',
      severity: 'error',
      from: { path: '^(tests|bench|scripts)/' },
      to: { path: '^apps/', pathNot: STARTERS },
    },
    {
      name: 'platform-knows-the-trade',
      comment: 'platform is for any service of any product: of ours it knows its own contracts alone.',
      severity: 'error',
      from: { path: '^packages/platform/', pathNot: TESTS },
      to: {
        path: '^(packages|apps|services|scripts)/',
        pathNot: '^packages/(platform/|contracts/src/gen/(grpc|kilas/platform)/)',
      },
    },
    {
      name: 'contracts-import-ours',
      severity: 'error',
      from: { path: '^packages/contracts/' },
      to: { path: '^(packages|apps|services|scripts)/', pathNot: '^packages/contracts/' },
    },
    {
      name: 'test-code-in-production',
      severity: 'error',
      from: { pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: 'face-engine-imports-ours',
      comment: 'A library: pixels in, faces out. Pixels come from pictures.',
      severity: 'error',
      from: { path: '^packages/face-engine/' },
      to: { path: '^(packages|apps|services|scripts)/', pathNot: '^packages/(face-engine|pictures)/' },
    },
    {
      name: 'face-engine-outside-of-ai',
      comment: 'ai alone finds faces. The face commands, benches and journeys measure what it finds.',
      severity: 'error',
      from: { pathNot: '^(services/ai|packages/face-engine|apps/faces|tests|bench)/' },
      to: { path: '^packages/face-engine/' },
    },
    {
      name: 'onnxruntime-outside-of-the-face-engine',
      severity: 'error',
      from: { pathNot: '^packages/face-engine/' },
      to: { path: 'node_modules/onnxruntime-node/' },
    },
    {
      name: 'edge-speaks-sql',
      comment: 'An edge calls an operation or a store.',
      severity: 'error',
      from: { path: '^services/.*/(http|rpc)[.]ts$' },
      to: { path: DRIVERS },
    },
    {
      name: 'sql-outside-of-stores',
      comment: 'SQL stands in stores, and what several of them share of it in `*-sql.ts`.',
      severity: 'error',
      from: { path: '^services/', pathNot: ['(-store|-sql|http|rpc)[.]ts$', ...TESTS] },
      to: { path: 'node_modules/kysely/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'edge-reads-foreign-store',
      comment: "A feature's tables are read through its own operations.",
      severity: 'error',
      from: { path: '^services/([^/]+)/src/([^/]+)/(http|rpc)[.]ts$' },
      to: { path: '^services/$1/src/.*-store[.]ts$', pathNot: '^services/$1/src/$2/' },
    },
    {
      name: 'sharp-outside-of-the-cpu-services',
      comment: 'Pixels are the work of upload and ai. The samples draw their own pictures.',
      severity: 'error',
      from: {
        path: '^(services|packages)/',
        pathNot: ['^services/(upload|ai)/', '^packages/(face-engine|pictures|samples)/', ...TESTS],
      },
      to: { path: 'node_modules/sharp/' },
    },
    {
      name: 'pictures-outside-of-the-cpu-services',
      comment: 'Files of strangers become pixels in upload and in the face engine alone.',
      severity: 'error',
      from: { pathNot: ['^services/upload/', '^packages/(face-engine|pictures)/', ...TESTS] },
      to: { path: '^packages/pictures/' },
    },
    {
      name: 'pictures-import-ours',
      comment: 'A library: a file in, pixels out, and whose fault it is when none come.',
      severity: 'error',
      from: { path: '^packages/pictures/', pathNot: TESTS },
      to: {
        path: '^(packages|apps|services|scripts)/',
        pathNot: '^packages/(pictures/|platform/src/problems/machine-fault[.]ts$)',
      },
    },
    {
      name: 'circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'orphan',
      comment: 'Imports nothing and nothing imports it: dead, or not wired yet.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          '[.]test[.]ts$',
          '^apps/web/(public/|src/.*/page[.]tsx$)',
          '[.]d[.]ts$',
          '[.]config[.]ts$',
          '/main[.]ts$',
          '^(bench|scripts|tests)/',
          '/src/gen/',
        ],
      },
      to: {},
    },
    {
      name: 'unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'unlisted-package',
      comment:
        'A workspace names in its own package.json what it imports. What only `npm run gen` runs stands there for development.',
      severity: 'error',
      from: { pathNot: [...TESTS, '^packages/client/src/types-of[.]ts$'] },
      to: {
        // The web app's React is Preact: vite.config.ts says so.
        pathNot: '^node_modules/react(-dom)?/',
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'],
        dependencyTypesNot: ['type-only'],
      },
    },
  ],
  options: {
    // TypeScript 7 has no parser that dependency-cruiser could call.
    parser: 'swc',
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    doNotFollow: { path: ['node_modules', '^packages/((contracts|client)/src|face-engine/src/graphs)/gen/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.json', '.d.ts'],
    },
    builtInModules: { add: ['node:sqlite', 'node:test'] },
  },
};

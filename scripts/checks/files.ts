// What no other tool looks at: the length of files, traces of one machine, advisory locks, documents, the lock file.
import { globSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { findDocumentProblems } from './documents.ts';
import { isGenerated, listFiles } from './list-files.ts';
import { report } from './report.ts';

const LINES_MAX = 400;
const CODE = new Set(['.ts', '.tsx', '.mts', '.js', '.jsx', '.mjs', '.cjs', '.css', '.sql', '.proto']);
const BINARY = new Set(['.png', '.jpg', '.jpeg', '.webp', '.avif', '.gif', '.ico', '.woff2', '.onnx', '.bin', '.gz']);
const PINNED = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;
// Written in parts, or this file would find itself.
const TRACES = [
  ['registry', 'npmjs', 'org'].join('.'),
  ['', 'work', 'main'].join('/'),
  ['', 'work', 'shared'].join('/'),
  ['"resolved": ', 'http'].join('"'),
];

/** A number that stands twice makes those wait for each other who have nothing to do with each other. */
const LOCKS = 'packages/platform/src/db/advisory-locks.ts';
const ADVISORY_LOCK = /\bpg_(try_)?advisory_/i;

const DEPENDENCY_FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

interface Manifest extends Partial<Record<(typeof DEPENDENCY_FIELDS)[number], Record<string, string>>> {
  name?: string;
  workspaces?: string[];
}

interface Locked extends Manifest {
  resolved?: string;
}

report(findFileProblems(process.cwd()));

function findFileProblems(root: string): string[] {
  const texts = listFiles(root).filter((file) => !BINARY.has(extname(file)));
  const problems = texts.flatMap((file) => inspectText(file, readFileSync(join(root, file), 'utf8'), root));
  return [...problems, ...findDocumentProblems(root, texts), ...findLockProblems(root)];
}

function inspectText(file: string, text: string, root: string): string[] {
  const lines = text.split('\n');
  const problems: string[] = [];
  const lineCount = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  if (isJudgedByLength(file) && lineCount > LINES_MAX) {
    problems.push(`too long: ${file} has ${lineCount} lines, at most ${LINES_MAX} are allowed`);
  }
  // A checkout right below the file system's root has a name like /app, which may well stand in a Dockerfile.
  const own = root.split('/').length > 2 ? [root] : [];
  for (const trace of [...TRACES, ...own]) {
    const index = lines.findIndex((line) => line.includes(trace));
    if (index >= 0) problems.push(`names a registry or a path of one machine: ${file}:${index + 1} (${trace})`);
  }
  const locks = takesLocks(file) ? lines.findIndex((line) => ADVISORY_LOCK.test(line)) : -1;
  if (locks >= 0) problems.push(`takes an advisory lock that ${LOCKS} does not name: ${file}:${locks + 1}`);
  return problems;
}

/** A test may stop what it tests by a lock of its own. */
function takesLocks(file: string): boolean {
  return (
    file !== LOCKS && /^(services|packages|apps)\//.test(file) && CODE.has(extname(file)) && !/\.test\.tsx?$/.test(file)
  );
}

function isJudgedByLength(file: string): boolean {
  return /^(services|packages|apps)\//.test(file) && CODE.has(extname(file)) && !isGenerated(file);
}

function findLockProblems(root: string): string[] {
  const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
  const { packages }: { packages: Record<string, Locked> } = read('package-lock.json');
  const { workspaces = [] }: Manifest = read('package.json');
  const files = [
    'package.json',
    ...globSync(
      workspaces.map((folder) => `${folder}/package.json`),
      { cwd: root },
    ),
  ];
  const problems = files.sort().flatMap((file) => {
    const manifest: Manifest = read(file);
    const fields = DEPENDENCY_FIELDS.slice(0, 3).map((field) => manifest[field]);
    const loose = fields.flatMap((field) => Object.entries(field ?? {})).filter(([, version]) => !PINNED.test(version));
    return [
      ...(isLocked(packages, dirname(file), manifest) ? [] : [`package-lock.json is behind ${file}: run npm install`]),
      ...loose.map(([name, version]) => `not pinned: ${file} wants ${name} ${version}`),
    ];
  });
  return [...problems, ...findLockGaps(packages)];
}

/** Whether the lock file knows what a manifest depends on as it stands there. */
function isLocked(packages: Record<string, Locked>, folder: string, manifest: Manifest): boolean {
  const locked = packages[folder === '.' ? '' : folder];
  const isLinked = folder === '.' || packages[`node_modules/${manifest.name}`]?.resolved === folder;
  return (
    isLinked && DEPENDENCY_FIELDS.every((field) => isDeepStrictEqual(manifest[field] ?? {}, locked?.[field] ?? {}))
  );
}

/** `npm ci` refuses a lock file without the optional packages of other platforms, and `npm install` leaves out, in
 * silence, those that its registry does not have. */
function findLockGaps(packages: Record<string, Locked>): string[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) => {
    const missing = Object.keys(optionalDependencies).filter((name) => !isFound(packages, path, name));
    return missing.map((name) => `not in package-lock.json: ${name}, which ${path} names`);
  });
}

/** Looks where Node.js looks: beside the package, then in each node_modules further up. */
function isFound(packages: Record<string, Locked>, path: string, name: string): boolean {
  for (let folder = path; folder !== ''; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (`${folder}/node_modules/${name}` in packages) return true;
  }
  return `node_modules/${name}` in packages;
}

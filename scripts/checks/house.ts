// The house as a whole: who imports whom, rings, tables that several features write, sizes, and whether the map of ARCHITECTURE.md shows the rooms that are there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruiseTree } from './cruise.ts';
import { isGenerated, listFiles } from './list-files.ts';
import { report } from './report.ts';
import { findRings, regroup } from './rings.ts';
import { findSharedTables } from './shared-tables.ts';

const PART = /^((services|packages|apps)\/[^/]+|bench|scripts|tests)(?=\/)/;
const TEST = /[.]test[.]ts$|^tests\/|\/src\/testing\//;
const SOURCE = /[.](ts|tsx|mts|mjs|js)$/;
/** The context holds what all features share, so it imports some of them; db/ holds the tables of all. */
const FEATURE = /^services\/[^/]+\/src\/(?!context[.]ts|db\/|testing\/)[^/]+/;
const PRODUCT = /^(services|packages\/platform)\//;
const NO_TOOLING = /^(services|packages\/(platform|contracts|messages|client|face-engine)|apps\/web|bench)\//;
/** A line that is blank or a comment. */
const SILENT = /^\s*($|\/\/|\/?\*)/;

const root = process.cwd();
const files = listFiles(root).filter((file) => !isGenerated(file));
const source = files.filter((file) => SOURCE.test(file) && !TEST.test(file));
const { modules } = await cruiseTree(root);
const graph = new Map(
  modules.map(({ source: file, dependencies }) => [file, new Set(dependencies.map((to) => to.resolved))]),
);
const imports = regroup(graph, (file) => (PART.test(file) && !TEST.test(file) ? file : undefined));
printImports();
printSizes();
report([...judgeRings(), ...judgeMap()]);

function printImports(): void {
  console.log('Imports between parts (files that import):');
  const counts = new Map<string, Map<string, number>>();
  for (const [file, imported] of imports) {
    const from = partOf(file);
    for (const to of new Set([...imported].map(partOf))) {
      if (from === undefined || to === undefined || from === to) continue;
      const row = counts.get(from) ?? new Map<string, number>();
      counts.set(from, row.set(to, (row.get(to) ?? 0) + 1));
    }
  }
  for (const [from, row] of [...counts].sort()) {
    const cells = [...row]
      .sort(([, a], [, b]) => b - a)
      .map(([to, count]) => `${to.replace('packages/', '')} ${count}`);
    console.log(`  ${from.padEnd(21)} ${cells.join(', ')}`);
  }
}

function printSizes(): void {
  const sizes = source.map((file) => ({ file, lines: countLines(file) }));
  const sum = (some: typeof sizes) => some.reduce((total, { lines }) => total + lines, 0);
  const product = sum(sizes.filter(({ file }) => PRODUCT.test(file)));
  const tooling = sum(sizes.filter(({ file }) => !NO_TOOLING.test(file)));
  const whole = sum(sizes);
  const sorted = sizes.map(({ lines }) => lines).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
  console.log('Lines of code (no tests, nothing generated, neither blank nor comment):');
  console.log(
    `  services and platform ${product}, tooling ${tooling}, all ${whole}: tooling is ${percent(tooling / whole)}`,
  );
  console.log(`  of a file: median ${at(0.5)}, nine of ten at most ${at(0.9)}`);
}

/** Type-only imports included. */
function judgeRings(): string[] {
  const features = regroup(imports, (file) => FEATURE.exec(file)?.[0]);
  const found = [
    ...findRings(features).map((ring) => ({ name: 'features in a ring', ring })),
    ...findRings(imports).map((ring) => ({ name: 'files in a ring', ring })),
    ...listSharedTables().map((ring) => ({ name: 'several write a table', ring })),
  ];
  console.log(`Rings, and tables that several features write: ${found.length || 'none'}`);
  return found.map(({ name, ring }) => `${name}: ${ring.join(', ')}`);
}

/** Only the feature that owns a table writes it. */
function listSharedTables(): string[][] {
  return findSharedTables(
    source.map((file) => ({ file, text: read(file) })),
    (file) => FEATURE.exec(file)?.[0],
    partOf,
  );
}

/** Every folder on the map is there, and every service, package and app that is there stands on the map. */
function judgeMap(): string[] {
  const drawn = new Set(listMap(read('ARCHITECTURE.md')));
  const rooms = new Set(
    files.flatMap((file) => /^(services|packages|apps)\/[^/]+(?=\/package[.]json$)/.exec(file)?.[0] ?? []),
  );
  return [
    ...[...drawn]
      .filter((folder) => !existsSync(join(root, folder)))
      .map((folder) => `on the map and not there: ${folder}`),
    ...[...rooms].filter((room) => !drawn.has(room)).map((room) => `there and not on the map: ${room}`),
  ];
}

/** The folders that the first drawing of a document names, each with its path. */
function listMap(text: string): string[] {
  const drawing = /```\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  let above: { depth: number; path: string }[] = [];
  return [...drawing.matchAll(/^( *)([\w./-]+)\/(?:<\S*)?(?= |$)/gm)].map(([, indent = '', name = '']) => {
    above = above.filter(({ depth }) => depth < indent.length);
    const path = [above.at(-1)?.path, name].filter((part) => part !== undefined).join('/');
    above.push({ depth: indent.length, path });
    return path;
  });
}

function countLines(file: string): number {
  return read(file)
    .split('\n')
    .filter((line) => !SILENT.test(line)).length;
}

function partOf(file: string): string | undefined {
  return PART.exec(file)?.[0];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

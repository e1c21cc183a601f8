// The list of the web app's pages is what its folders say.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Generator, getConfig } from '@tanstack/router-generator';
import { report } from './report.ts';

const root = process.cwd();
const app = path.join(root, 'apps/web');
const committed = path.join(app, 'src/route-tree.gen.ts');
const { routerOptions } = await import(path.join(app, 'routes.config.ts'));
const folder = mkdtempSync(path.join(tmpdir(), 'kilas-routes-'));
try {
  const generatedRouteTree = path.join(folder, 'route-tree.gen.ts');
  const config = getConfig({ ...routerOptions, generatedRouteTree, tmpDir: folder }, app);
  await new Generator({ config, root: app }).run();
  const away = path.relative(folder, path.join(app, 'src'));
  const fresh = readFileSync(generatedRouteTree, 'utf8').replaceAll(`./${away}/`, './');
  const isFresh = readFileSync(committed, 'utf8') === fresh;
  report(isFresh ? [] : ['differs: apps/web/src/route-tree.gen.ts'], 'Run: npm run gen');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
